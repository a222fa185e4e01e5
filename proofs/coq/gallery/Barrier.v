(** * A network whose triangle relaxation has the least output -2/3 and not 0

    The network of `p3-barrier-network`, 2-2-2-1 on [-1, 1]^2.  The triangle relaxation, with
    bounds of every neuron from itself, is LP-ALL. *)

From Coq Require Import QArith List.
From Polyrelax Require Import Network Symbolic PhaseTree Relaxation Attained.
From Polyrelax Require Import TriangleBound Stream.
From Polyrelax.gallery Require Import Certificates.
Import ListNotations.
Open Scope Q_scope.

Definition barrier : network :=
  [ Affine [([-(2); -(1)], 1); ([-(1); -(2)], 1)];
    relus 2;
    Affine [([-(1); 0], 0); ([1; -(1)], -(1))];
    relus 2;
    Affine [([-(1); -(1)], 1)] ].

Definition X : polytope := box [(-(1), 1); (-(1), 1)].

Theorem barrier_between_0_and_1 : forall x, inside X x -> 0 <= output 0 (eval barrier x) <= 1.
Proof. apply (check_range_sound X barrier 0 0 1 (read_range barrier_range)). by_running. Qed.

Theorem barrier_minimum : exact_minimum (inside X) barrier 0 0.
Proof.
  split; [apply barrier_between_0_and_1|]. exists [-(1); 1].
  split; [now apply is_inside_sound | reflexivity].
Qed.

Theorem triangle_at_least : forall t, triangle (inside X) barrier t ->
  -(2 # 3) <= output 0 (last_value t).
Proof.
  intros t T. apply at_least_holds. revert t T.
  apply (check_triangle_claim_sound X barrier (at_least 0 (-(2 # 3)))
           (read_triangle_bound barrier_triangle_bound)).
  by_running.
Qed.

Theorem triangle_attains : admits triangle (inside X) barrier 0 (-(2 # 3)).
Proof.
  apply (check_triangle_admits_sound X barrier 0 (-(2 # 3)) barrier_triangle_point). by_running.
Qed.

Theorem triangle_is_imprecise : imprecise_below triangle (inside X) barrier 0.
Proof.
  exists 0, (-(2 # 3)).
  split; [apply barrier_minimum | split; [apply triangle_attains | reflexivity]].
Qed.
