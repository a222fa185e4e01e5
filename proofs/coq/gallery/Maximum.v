(** * The maximum of two numbers against the triangle relaxation

    [max x_0 x_1 = x_1 + relu (x_0 - x_1)], where [x_1] passes the ReLU layer, is at most 1 on
    the unit square; the greatest output of the triangle relaxation is 3/2.  On every square of
    radius [e] about (c, c) the maximum is [c + e], and the relaxation admits [c + 2 e]. *)

From Coq Require Import QArith List Lqa.
From Polyrelax Require Import Network Symbolic PhaseTree Relaxation Attained.
From Polyrelax Require Import TriangleBound Stream.
From Polyrelax.gallery Require Import Certificates.
Import ListNotations.
Open Scope Q_scope.

Definition maximum : network :=
  [ Affine [([1; -(1)], 0); ([0; 1], 0)]; ReLU [true; false]; Affine [([1; 1], 0)] ].

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

(** ** Squares about the diagonal *)

Definition square (c e : Q) : set :=
  fun x => exists a b, x = [a; b] /\ c - e <= a <= c + e /\ c - e <= b <= c + e.

Lemma maximum_value : forall a b, output 0 (eval maximum [a; b]) == b + relu (a - b).
Proof.
  intros a b. unfold output. simpl.
  assert (E : 1 * a + (-(1) * b + 0) + 0 == a - b) by ring. rewrite E. ring.
Qed.

Theorem maximum_on_squares : forall c e, 0 < e -> exact_maximum (square c e) maximum 0 (c + e).
Proof.
  intros c e P. split.
  - intros x (a & b & -> & A & B). rewrite maximum_value. destruct (relu_cases (a - b)); lra.
  - exists [c + e; c + e]. split.
    + exists (c + e), (c + e). repeat split; lra.
    + rewrite maximum_value. destruct (relu_cases (c + e - (c + e))); lra.
Qed.

Theorem triangle_on_squares : forall c e, 0 < e ->
  admits triangle (square c e) maximum 0 (c + 2 * e).
Proof.
  intros c e P. exists [[c + e; c + e]; [0; c + e]; [e; c + e]; [c + 2 * e]].
  split; [|reflexivity]. unfold triangle. simpl. repeat split.
  - exists (c + e), (c + e). repeat split; lra.
  - repeat constructor; ring.
  - (* (0, e) is the middle of (-2e, 0) and (2e, 2e), the neuron at two corners. *)
    apply (conv_middle _ [[-(2) * e; relu (-(2) * e)]] [[2 * e; relu (2 * e)]]).
    + exists [-(2) * e; c + e], (-(2) * e). repeat split.
      exists [[c - e; c + e]]. simpl. split.
      * exists (c - e), (c + e). repeat split; lra.
      * repeat constructor; ring.
    + exists [2 * e; c - e], (2 * e). repeat split.
      exists [[c + e; c - e]]. simpl. split.
      * exists (c + e), (c - e). repeat split; lra.
      * repeat constructor; ring.
    + destruct (relu_cases (-(2) * e)), (relu_cases (2 * e)); try lra.
      repeat constructor; simpl; lra.
  - repeat constructor; ring.
Qed.
