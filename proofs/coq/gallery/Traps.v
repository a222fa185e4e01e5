(** * Three statements that hold otherwise than they are reported

    A clamp that is fitted to one input set makes every network exact on it, so that only
    statements about all boxes separate relaxations (`p1-trap-fixed-input`).  Copies of the
    input do not repair the hulls of layers (`p0-trap-copies`).  The number of activation
    patterns is no lower bound for the number of pieces (`p0-trap-partitions`). *)

From Coq Require Import QArith List Lqa Lia.
From Polyrelax Require Import Network Traces Symbolic PhaseTree Relaxation Attained.
From Polyrelax Require Import TriangleBound Layered Statements Stream.
From Polyrelax.gallery Require Import Certificates Tent.
Import ListNotations.
Open Scope Q_scope.

(** ** The clamp *)

(** [M - relu (M - m - relu (y - m))] *)
Definition clamp (m M : Q) : network :=
  [ Affine [([1], - m)]; relus 1; Affine [([-(1)], M - m)]; relus 1; Affine [([-(1)], M)] ].

Lemma clamp_value : forall m M y v, output 0 (eval (clamp m M) (y :: v))
  == M - relu (M - m - relu (y - m)).
Proof.
  intros m M y v. destruct v as [|z v]; unfold output; simpl;
    (assert (A : 1 * y + 0 + - m == y - m) by ring; rewrite A;
     assert (B : -(1) * relu (y - m) + 0 + (M - m) == M - m - relu (y - m)) by ring;
     rewrite B; ring).
Qed.

(** Where the output is between [m] and [M] the clamp changes nothing. *)
Theorem clamped_network : forall net m M x, eval net x <> [] ->
  m <= output 0 (eval net x) <= M ->
  output 0 (eval (net ++ clamp m M) x) == output 0 (eval net x).
Proof.
  intros net m M x N B. rewrite eval_app. destruct (eval net x) as [|y v]; [now elim N|].
  rewrite clamp_value. unfold output in *. simpl in *.
  destruct (relu_cases (y - m)) as [[? E]|[? E]];
    destruct (relu_cases (M - m - relu (y - m))) as [[? F]|[? F]]; lra.
Qed.

(** One neuron of the triangle, over values that are at most [u]. *)
Lemma triangle_neuron_below : forall (D : set) j z y u, 0 <= u ->
  (forall v s, D v -> nth_error v j = Some s -> s <= u) -> triangle_neuron D j z y ->
  0 <= y <= u.
Proof.
  intros D j z y u U B T. split.
  - enough (0 * z + -(1) * y <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (relu_cases s); lra.
  - enough (0 * z + 1 * y <= u) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    specialize (B v s I N). destruct (relu_cases s); lra.
Qed.

(** The triangle relaxation of the clamped network stays between [m] and [M], whatever the
    network and the input set are. *)
Theorem clamped_bounds : forall (X : set) net m M t, m <= M ->
  triangle X (net ++ clamp m M) t -> m <= output 0 (last_value t) <= M.
Proof.
  intros X net m M t L T. unfold triangle in T. rewrite rev_app_distr in T.
  unfold last_value. rewrite <- (rev_involutive t). destruct (rev t) as [|y5 s]; [destruct T|].
  simpl rev at 1 2. rewrite last_last. cbn [rev app clamp] in T.
  destruct s as [|y4 [|y3 [|y2 [|y1 s]]]]; try (now repeat destruct T as [T ?]).
  cbn [triangle_reversed] in T. destruct T as [T5 S5]. pose proof T5 as [T4 S4].
  simpl in S5, S4.
  destruct y3 as [|z y3], y4 as [|y y4]; simpl in S4; try tauto.
  { inversion S5 as [|? ? ? ? E F]; subst. unfold output. simpl. rewrite E. simpl. lra. }
  destruct S4 as [S4 _].
  apply (triangle_neuron_below _ _ _ _ (M - m)) in S4; [|lra|].
  - inversion S5 as [|? ? ? ? E F]; subst. unfold output. simpl in *. rewrite E.
    destruct y4; lra.
  - intros v s' (s1 & R) N. destruct s1 as [|b2 s1]; [destruct R|].
    destruct R as [R S3]. destruct s1 as [|b1 s1]; [destruct R|]. destruct R as [R S2].
    simpl in S3, S2. inversion S3 as [|? ? ? ? E F]; subst. inversion F; subst.
    simpl in N. injection N as <-.
    destruct b1 as [|a b1], b2 as [|b b2]; simpl in S2; try tauto; [simpl in E; lra|].
    destruct S2 as [S2 _].
    assert (P : 0 <= b).
    { enough (0 * a + -(1) * b <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := S2).
      intros u (w & q & I & N & ->). exists q, (relu q). split; [reflexivity|].
      destruct (relu_cases q); lra. }
    simpl in E. destruct b2; lra.
Qed.

(** ** Copies of the input *)

(** The tent, with [relu (x + 1) = x + 1] and its [relu] carried along. *)
Definition copied : network :=
  [ Affine [([1], 0); ([-(1)], 0); ([1], 1)];
    relus 3;
    Affine [([-(2); 0; 0], 1); ([0; -(2); 0], 1); ([0; 0; 1], 0)];
    relus 3;
    Affine [([1; 1; 0], 0)] ].

Theorem copied_is_the_tent : forall a, eqv (eval copied [a]) (eval tent [a]).
Proof.
  intros a. constructor; [|constructor]. simpl.
  assert (R : forall p q, p == q -> relu p == relu q) by (intros p q E; now rewrite E).
  set (u := relu (1 * a + 0 + 0)). set (w := relu (-(1) * a + 0 + 0)). set (v := relu (1 * a + 0 + 1)).
  assert (A : relu (-(2) * u + (0 * w + (0 * v + 0)) + 1) == relu (-(2) * u + (0 * w + 0) + 1))
    by (apply R; ring).
  assert (B : relu (0 * u + (-(2) * w + (0 * v + 0)) + 1)
              == relu (0 * u + (-(2) * w + 0) + 1)) by (apply R; ring).
  rewrite A, B. ring.
Qed.

Theorem copies_do_not_help : admits (P 1) (inside Tent.X) copied 0 0.
Proof.
  apply (check_P_admits_sound 1 Tent.X copied 0 0 {|
    admitted := [[0]; [0; 0; 1]; [1 # 2; 1 # 2; 1]; [0; 0; 1]; [0; 0; 1]; [0]];
    inputs := [[-(1)]; [1]];
    levels := [ [[1; 0]; [0; 1]];  [[1; 0]; [0; 1]];  [[1 # 2; 1 # 2]];  [[1]] ];
    windows := [ [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1]; [1] ] |}).
  by_running.
Qed.

Theorem copied_is_bounded_inexactly : imprecise_below (P 1) (inside Tent.X) copied 0.
Proof.
  assert (E : forall x, inside Tent.X x -> output 0 (eval copied x) == output 0 (eval tent x)).
  { intros [|a [|b x]] [D _]; try discriminate. apply output_compat, copied_is_the_tent. }
  destruct tent_minimum as [B (x & I & A)]. exists 1, 0.
  split; [split | split; [exact copies_do_not_help | reflexivity]].
  - intros y J. rewrite (E y J). now apply B.
  - exists x. split; [assumption|]. now rewrite (E x I).
Qed.

(** ** Partitions and activation patterns *)

Definition one_relu : network := [relus 1].

(** Both signs of the neuron occur, but the triangle is exact on all of [-1, 1]. *)
Theorem relu_has_two_patterns :
  (exists x, inside Tent.X x /\ output 0 x < 0) /\ (exists x, inside Tent.X x /\ 0 < output 0 x).
Proof. split; [exists [-(1)] | exists [1]]; (split; [now apply is_inside_sound | reflexivity]). Qed.

Theorem triangle_of_relu : forall t, triangle (inside Tent.X) one_relu t ->
  0 <= output 0 (last_value t) <= 1.
Proof.
  intros t T. unfold triangle in T. unfold last_value. rewrite <- (rev_involutive t).
  destruct (rev t) as [|y s]; [destruct T|]. simpl rev at 1 2. rewrite last_last.
  simpl in T. destruct s as [|z s]; [tauto|]. destruct T as [I S].
  destruct s; [|destruct I]. apply inside_box in I.
  inversion I as [|? a ? z' [_ H] F]; subst. inversion F; subst.
  destruct y as [|c [|d y]]; simpl in S; try tauto. destruct S as [S _].
  unfold output. simpl.
  apply (triangle_neuron_below _ _ _ _ 1 ltac:(discriminate)) in S; [exact S|].
  intros v q (r & J) N. destruct r; [|destruct J].
  apply inside_box in J. inversion J as [|? ? ? ? [_ G] K]; subst. inversion K; subst.
  simpl in N. injection N as <-. exact G.
Qed.

Theorem triangle_of_relu_attained : exact_minimum (inside Tent.X) one_relu 0 0
  /\ exact_maximum (inside Tent.X) one_relu 0 1.
Proof.
  assert (B : forall x, inside Tent.X x -> 0 <= output 0 (eval one_relu x) <= 1).
  { intros x I. rewrite <- last_run. now apply triangle_of_relu, triangle_sound. }
  split; (split; [intros x I; apply (B x I)|]).
  - exists [0]. split; [now apply is_inside_sound | reflexivity].
  - exists [1]. split; [now apply is_inside_sound | reflexivity].
Qed.

(** Two pieces suffice for the tent, which has four patterns: the signs of its neurons at -3/4,
    -1/4, 1/4 and 3/4 differ pairwise. *)
Definition left_half : polytope := box [(-(1), 0)].
Definition right_half : polytope := box [(0, 1)].

Theorem triangle_of_tent_on_halves : forall t,
  triangle (inside left_half) tent t \/ triangle (inside right_half) tent t ->
  1 <= output 0 (last_value t) <= 2.
Proof.
  intros t [T|T]; split.
  - apply at_least_holds. revert t T. apply (check_triangle_claim_sound left_half tent
      (at_least 0 1) (read_triangle_bound left_lower_bound)). by_running.
  - apply at_most_holds. revert t T. apply (check_triangle_claim_sound left_half tent
      (at_most 0 2) (read_triangle_bound left_upper_bound)). by_running.
  - apply at_least_holds. revert t T. apply (check_triangle_claim_sound right_half tent
      (at_least 0 1) (read_triangle_bound right_lower_bound)). by_running.
  - apply at_most_holds. revert t T. apply (check_triangle_claim_sound right_half tent
      (at_most 0 2) (read_triangle_bound right_upper_bound)). by_running.
Qed.

Definition signs (v : vec) : list bool := map (Qle_bool 0) v.

Definition pattern (x : vec) : list bool :=
  signs (eval (firstn 1 tent) x) ++ signs (eval (firstn 3 tent) x).

Theorem tent_has_four_patterns :
  NoDup (map (fun q => pattern [q]) [-(3 # 4); -(1 # 4); 1 # 4; 3 # 4]).
Proof. vm_compute. repeat constructor; simpl; intuition discriminate. Qed.
