(** * The maximum of two numbers against the triangle relaxation

    [max x_0 x_1 = relu (x_0 - x_1) + relu x_1] on the unit square is at most 1; the greatest
    output of the triangle relaxation is 3/2. *)

From Coq Require Import QArith List.
From Polyrelax Require Import Network Symbolic PhaseTree Relaxation Attained TriangleBound Stream.
From Polyrelax.gallery Require Import Certificates.
Import ListNotations.
Open Scope Q_scope.

Definition maximum : network :=
  [ Affine [([1; -(1)], 0); ([0; 1], 0)]; relus 2; Affine [([1; 1], 0)] ].

Definition X : polytope := box [(0, 1); (0, 1)].

Theorem maximum_between_0_and_1 : forall x, inside X x -> 0 <= output 0 (eval maximum x) <= 1.
Proof. apply (check_range_sound X maximum 0 0 1 (read_range maximum_range)). by_running. Qed.

Theorem maximum_of_maximum : exact_maximum (inside X) maximum 0 1.
Proof.
  split; [apply maximum_between_0_and_1|]. exists [1; 1].
  split; [now apply is_inside_sound | reflexivity].
Qed.

Theorem triangle_at_most_3_halves : forall t, triangle (inside X) maximum t ->
  output 0 (last_value t) <= 3 # 2.
Proof.
  intros t T. apply at_most_holds. revert t T.
  apply (check_triangle_claim_sound X maximum (at_most 0 (3 # 2))
           (read_triangle_bound maximum_triangle_bound)).
  by_running.
Qed.

Theorem triangle_admits_3_halves : admits triangle (inside X) maximum 0 (3 # 2).
Proof.
  apply (check_triangle_admits_sound X maximum 0 (3 # 2) maximum_triangle_point). by_running.
Qed.

Theorem triangle_is_imprecise : imprecise_above triangle (inside X) maximum 0.
Proof.
  exists 1, (3 # 2).
  split; [apply maximum_of_maximum | split; [apply triangle_admits_3_halves | reflexivity]].
Qed.
