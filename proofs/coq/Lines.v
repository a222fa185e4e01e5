(** * Back-substitution: two lines for each neuron

    DeepPoly, CROWN and Fast-Lin put the output of a ReLU between two lines in its input [z],
    and carry a bound back to the inputs by them: over each layer, the set of traces between the
    lines.  The upper one is the triangle's.  Methods differ in the lower one, whose slope they
    choose by the exact range of [z] on what they admit so far.  *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Traces Relaxation Layered.
Import ListNotations.
Open Scope Q_scope.

Inductive method := DeepPoly0 | DeepPoly1 | CROWN | FastLin.

(** The slope of the line below [relu] on [l <= z <= u]. *)
Definition slope (m : method) (l u : Q) : Q :=
  if Qle_bool 0 l then 1
  else if Qle_bool u 0 then 0
  else match m with
       | DeepPoly0 => 0
       | DeepPoly1 => 1
       | CROWN => if Qle_bool u (- l) then 0 else 1
       | FastLin => u / (u - l)
       end.

Definition bounded (D : set) (j : nat) (l u : Q) : Prop :=
  forall v, D v -> l <= nth j v 0 <= u.

(** The least and the greatest value of coordinate [j] on [D]. *)
Definition exact_range (D : set) (j : nat) (l u : Q) : Prop :=
  bounded D j l u /\ (exists v, D v /\ nth j v 0 == l) /\ (exists v, D v /\ nth j v 0 == u).

(** [y] is under the line over any bounds of [z], and so over the exact ones, and above the
    method's line. *)
Definition line_neuron (m : method) (D : set) (j : nat) (z y : Q) : Prop :=
  (forall l u, bounded D j l u -> below_line l u z y)
  /\ (forall l u, exact_range D j l u -> slope m l u * z <= y).

Definition line_layer (m : method) : layer_relaxation := fun D => step (line_neuron m D).

(** ** Facts *)

Definition joined (f : layer) (z y : vec) : Prop :=
  match f with
  | ReLU mask => forall j, nth j mask false = false -> nth j y 0 == nth j z 0
  | _ => linked f z y
  end.

Lemma linked_joined : forall f z y, linked f z y -> joined f z y.
Proof. intros [rows|mask|] z y H; trivial. intros j M. specialize (H j). now rewrite M in H. Qed.

Lemma slope_unit : forall m l u, 0 <= slope m l u <= 1.
Proof.
  intros m l u. unfold slope. destruct (Qle_bool 0 l) eqn:L; [lra|].
  destruct (Qle_bool u 0) eqn:U; [lra|].
  assert (l < 0) by (apply Qnot_le_lt; intros K; apply Qle_bool_iff in K; congruence).
  assert (0 < u) by (apply Qnot_le_lt; intros K; apply Qle_bool_iff in K; congruence).
  destruct m; try lra; [destruct (Qle_bool u (- l)); lra|].
  split; [apply Qle_shift_div_l | apply Qle_shift_div_r]; lra.
Qed.

Lemma line_neuron_relu : forall m (D : set) j v y, D v -> y == relu (nth j v 0) ->
  line_neuron m D j (nth j v 0) y.
Proof.
  intros m D j v y I E. split.
  - intros l u B. now apply below_line_relu; [apply B|].
  - intros l u _. pose proof (slope_unit m l u). rewrite E.
    destruct (relu_cases (nth j v 0)) as [[? R]|[? R]]; rewrite R; nra.
Qed.

Lemma line_step_sound : forall m (D : set) z mask pre y, D (pre ++ z) ->
  eqv y (relu_on mask z) -> relu_step (line_neuron m D) (length pre) mask z y.
Proof.
  intros m D. induction z as [|a z IH]; intros mask pre y I E; simpl in E;
    inversion E as [|b ? y' ? B E']; subst; simpl; trivial. split.
  - destruct (hd false mask); [|exact B].
    pose proof (line_neuron_relu m D (length pre) (pre ++ a :: z) b I) as N.
    rewrite nth_middle in N. now apply N.
  - specialize (IH (tl mask) (pre ++ [a]) y'). rewrite app_length in IH. simpl in IH.
    rewrite PeanoNat.Nat.add_1_r in IH. apply IH; [now rewrite <- app_assoc | assumption].
Qed.

Lemma line_sound : forall m, sound (line_layer m).
Proof.
  intros m D [rows|mask|] z y I E; unfold line_layer; simpl; try assumption.
  now apply (line_step_sound m D z mask []).
Qed.

Lemma line_nth : forall m (D : set) mask z y j, D z -> line_layer m D (ReLU mask) z y ->
  if nth j mask false then line_neuron m D j (nth j z 0) (nth j y 0)
  else nth j y 0 == nth j z 0.
Proof.
  intros m D mask z y j I S. destruct (relu_step_nth _ _ _ _ _ S j) as [(_ & A & B)|T].
  - destruct (nth j mask false); [|rewrite A, B; reflexivity].
    apply (line_neuron_relu m D j z); [assumption|]. rewrite A, B. reflexivity.
  - exact T.
Qed.

Lemma line_joined : forall m (D : set) f z y, D z -> line_layer m D f z y -> joined f z y.
Proof.
  intros m D [rows|mask|] z y I S; try now apply (linked_exact _ z y).
  intros j M. pose proof (line_nth m D mask z y j I S) as H. now rewrite M in H.
Qed.

Lemma line_triangular : forall m (D : set) f z y, D z -> line_layer m D f z y ->
  triangular D f z y.
Proof.
  intros m D [rows|mask|] z y I S; simpl; trivial. intros j M l u B.
  pose proof (line_nth m D mask z y j I S) as H. rewrite M in H. now apply H.
Qed.

(** ** Points between lines *)

Definition below_line_test (l u z y : Q) : bool :=
  (negb (Qle_bool 0 l) || Qle_bool y z) && (negb (Qle_bool u 0) || Qle_bool y 0)
  && (negb (Qle_bool l 0) || negb (Qle_bool 0 u) || Qle_bool ((u - l) * y) (u * (z - l))).

Lemma below_line_test_sound : forall l u z y, below_line_test l u z y = true ->
  below_line l u z y.
Proof.
  intros l u z y E. unfold below_line_test in E. repeat (apply andb_prop in E as [E ?]).
  assert (G : forall a b c, negb (Qle_bool a b) || c = true -> a <= b -> c = true).
  { intros a b c T L. apply Qle_bool_iff in L. now rewrite L in T. }
  repeat split; intros; apply Qle_bool_iff; eauto.
  rewrite <- orb_assoc in H. eauto.
Qed.

(** Wider bounds have a higher line. *)
Lemma below_line_wider : forall l u l' u' z y, l <= z <= u -> l' <= l -> u <= u' ->
  below_line l u z y -> below_line l' u' z y.
Proof.
  intros l u l' u' z y Z A B (H1 & H2 & H3). repeat split; intros.
  - apply H1. lra.
  - apply H2. lra.
  - destruct (Qlt_le_dec l 0) as [L|L]; [destruct (Qlt_le_dec 0 u) as [U|U]|].
    + specialize (H3 ltac:(lra) ltac:(lra)).
      assert (K : 0 <= (u - z) * (u' * (l - l')) + (z - l) * (- l' * (u' - u))).
      { assert (0 <= u' * (l - l')) by (apply Qmult_le_0_compat; lra).
        assert (0 <= - l' * (u' - u)) by (apply Qmult_le_0_compat; lra).
        assert (0 <= (u - z) * (u' * (l - l'))) by (apply Qmult_le_0_compat; lra).
        assert (0 <= (z - l) * (- l' * (u' - u))) by (apply Qmult_le_0_compat; lra). lra. }
      assert (M : (u - l) * ((u' - l') * y) <= (u - l) * (u' * (z - l'))).
      { setoid_replace ((u - l) * ((u' - l') * y)) with ((u' - l') * ((u - l) * y)) by ring.
        apply (Qle_trans _ ((u' - l') * (u * (z - l)))).
        - rewrite !(Qmult_comm (u' - l')). apply Qmult_le_compat_r; lra.
        - lra. }
      apply (Qmult_le_l _ _ (u - l)); lra.
    + specialize (H2 U). nra.
    + specialize (H1 L). nra.
Qed.

Definition between_lines (m : method) (l u z y : Q) : bool :=
  below_line_test l u z y && Qle_bool (slope m l u * z) y.

Lemma between_lines_sound : forall m (D : set) j l u v y, D v -> exact_range D j l u ->
  between_lines m l u (nth j v 0) y = true -> line_neuron m D j (nth j v 0) y.
Proof.
  intros m D j l u v y I (B & (v1 & I1 & E1) & (v2 & I2 & E2)) T.
  apply andb_prop in T as [T1 T2]. apply below_line_test_sound in T1. apply Qle_bool_iff in T2.
  split.
  - intros l' u' B'. apply (below_line_wider l u); trivial; [now apply B| |].
    + rewrite <- E1. now apply B'.
    + rewrite <- E2. now apply B'.
  - intros l' u' (B' & (w1 & J1 & F1) & (w2 & J2 & F2)).
    assert (EL : l' == l).
    { apply Qle_antisym; [rewrite <- E1; now apply B' | rewrite <- F1; now apply B]. }
    assert (EU : u' == u).
    { apply Qle_antisym; [rewrite <- F2; now apply B | rewrite <- E2; now apply B']. }
    assert (S : slope m l' u' == slope m l u).
    { unfold slope. rewrite EL, EU. destruct (Qle_bool 0 l); [reflexivity|].
      destruct (Qle_bool u 0); [reflexivity|]. destruct m; try reflexivity.
      - assert (C : Qle_bool u' (- l') = Qle_bool u (- l)) by now rewrite EL, EU.
        now rewrite C.
      - now rewrite EL, EU. }
    now rewrite S.
Qed.
