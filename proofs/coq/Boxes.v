(** * Interval bound propagation

    Each value is only known to lie in the interval of its own: a layer reads the least box
    around the values that may reach it, and each output is anywhere between two of its values
    on that box.  *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Relaxation Layered.
Import ListNotations.
Open Scope Q_scope.

(** The least box around [D]: each coordinate is between two that occur in [D]. *)
Definition around (D : set) (v : vec) : Prop :=
  (exists u, D u /\ length u = length v)
  /\ forall j, exists u w, D u /\ D w /\ nth j u 0 <= nth j v 0 <= nth j w 0.

Definition box_layer : layer_relaxation := fun D f z y =>
  length y = length (apply f z)
  /\ forall j, exists u w, around D u /\ around D w
     /\ nth j (apply f u) 0 <= nth j y 0 <= nth j (apply f w) 0.

(** ** Interval arithmetic *)

Notation interval := (Q * Q)%type.

Definition in_box (b : list interval) (v : vec) : Prop := Forall2 between b v.

(** The end of [<a, .>] on a box: the least value, or the greatest one. *)
Fixpoint corner_of (greatest : bool) (a : vec) (b : list interval) : vec :=
  match b with
  | [] => []
  | (l, u) :: b' =>
      (if eqb (Qle_bool 0 (hd 0 a)) greatest then u else l) :: corner_of greatest (tl a) b'
  end.

Definition end_of (greatest : bool) (row : vec * Q) (b : list interval) : Q :=
  Qred (dot (fst row) (corner_of greatest (fst row) b) + snd row).

Fixpoint relu_box (mask : list bool) (b : list interval) : list interval :=
  match b with
  | [] => []
  | (l, u) :: b' =>
      (if hd false mask then (relu l, relu u) else (l, u)) :: relu_box (tl mask) b'
  end.

Definition image (f : layer) (b : list interval) : list interval :=
  match f with
  | Affine rows => map (fun row => (end_of false row b, end_of true row b)) rows
  | ReLU mask => relu_box mask b
  | Identity => b
  end.

Fixpoint boxes_of (b : list interval) (fs : network) : list (list interval) :=
  match fs with [] => [b] | f :: fs' => b :: boxes_of (image f b) fs' end.

(** ** The image is the box of the layer's values *)

Lemma in_box_length : forall b v, in_box b v -> length v = length b.
Proof. induction 1; simpl; congruence. Qed.

Lemma in_box_nth : forall b v j, in_box b v ->
  fst (nth j b (0, 0)) <= nth j v 0 <= snd (nth j b (0, 0)).
Proof.
  intros b v j I. revert j. induction I as [|[l u] q b v B I IH]; intros [|j]; simpl;
    try (split; apply Qle_refl); [exact B | apply IH].
Qed.

Lemma in_box_by_nth : forall b v, length v = length b ->
  (forall j, (j < length b)%nat -> fst (nth j b (0, 0)) <= nth j v 0 <= snd (nth j b (0, 0))) ->
  in_box b v.
Proof.
  induction b as [|i b IH]; intros [|q v] L H; simpl in L; try discriminate; constructor.
  - exact (H 0%nat (PeanoNat.Nat.lt_0_succ _)).
  - apply IH; [congruence|]. intros j J. apply (H (S j)). simpl. lia.
Qed.

Lemma corner_in_box : forall g b a v, in_box b v -> in_box b (corner_of g a b).
Proof.
  intros g b a v I. revert a. induction I as [|[l u] q b v [B1 B2] I IH]; intros a; simpl;
    constructor; [|apply IH].
  simpl in *. destruct (eqb _ g); split; simpl; lra.
Qed.

Lemma corner_least : forall b v a, in_box b v ->
  dot a (corner_of false a b) <= dot a v <= dot a (corner_of true a b).
Proof.
  intros b v a I. revert a. induction I as [|[l u] q b v [B1 B2] I IH]; intros [|c a];
    try (split; apply Qle_refl). cbn [corner_of dot hd tl]. specialize (IH a).
  simpl in B1, B2. destruct (Qle_bool 0 c) eqn:C; simpl.
  - apply Qle_bool_iff in C. nra.
  - assert (c < 0) by (apply Qnot_le_lt; intros K; apply Qle_bool_iff in K; congruence). nra.
Qed.

Lemma relu_monotone : forall a b, a <= b -> relu a <= relu b.
Proof.
  intros a b H. destruct (relu_cases a) as [[? ->]|[? ->]], (relu_cases b) as [[? ->]|[? ->]];
    lra.
Qed.

Lemma relu_box_in : forall b v mask, in_box b v -> in_box (relu_box mask b) (relu_on mask v).
Proof.
  intros b v mask I. revert mask. induction I as [|[l u] q b v [B1 B2] I IH]; intros mask; simpl;
    constructor; [|apply IH].
  simpl in *. destruct (hd false mask); split; simpl; trivial; now apply relu_monotone.
Qed.

Lemma image_sound : forall f b v, in_box b v -> in_box (image f b) (apply f v).
Proof.
  intros [rows|mask|] b v I; simpl; trivial; [|now apply relu_box_in].
  unfold in_box. induction rows as [|row rows IH]; simpl; constructor; [|assumption].
  destruct (corner_least b v (fst row) I) as [C1 C2].
  unfold end_of, between. cbn [fst snd]. rewrite !Qred_correct. split; lra.
Qed.

(** Vectors of the box attain the ends of each interval of the image. *)
Lemma image_attained : forall f b v j, in_box b v -> (j < length (image f b))%nat ->
  exists u w, in_box b u /\ in_box b w
  /\ nth j (apply f u) 0 == fst (nth j (image f b) (0, 0))
  /\ nth j (apply f w) 0 == snd (nth j (image f b) (0, 0)).
Proof.
  intros f b v j I J.
  assert (E : forall g, exists u, in_box b u /\ forall i, (i < length b)%nat ->
            nth i u 0 = (if g : bool then snd else fst) (nth i b (0, 0))).
  { intros g. exists (map (if g then snd else fst) b). split.
    - clear J. induction I as [|[l u] q b v [B1 B2] I IH]; simpl; constructor; [|assumption].
      simpl in *. destruct g; split; simpl; lra.
    - intros i L. rewrite nth_indep with (d' := (if g then snd else fst) (0, 0))
        by now rewrite map_length. apply map_nth. }
  destruct f as [rows|mask|]; simpl in J |- *.
  - rewrite map_length in J. destruct (nth_error rows j) as [row|] eqn:N;
      [|apply nth_error_None in N; lia].
    exists (corner_of false (fst row) b), (corner_of true (fst row) b).
    split; [now apply (corner_in_box _ b _ v)|]. split; [now apply (corner_in_box _ b _ v)|].
    assert (A : forall x, nth j (map (fun row => dot (fst row) x + snd row) rows) 0
                = dot (fst row) x + snd row).
    { intros x. apply nth_error_nth. now rewrite nth_error_map, N. }
    assert (B : nth j (image (Affine rows) b) (0, 0)
                = (end_of false row b, end_of true row b)).
    { apply nth_error_nth. simpl. now rewrite nth_error_map, N. }
    simpl in B. rewrite !A, B. cbn [fst snd]. unfold end_of. now rewrite !Qred_correct.
  - destruct (E false) as (u & U & HU), (E true) as (w & W & HW). exists u, w.
    split; [assumption|]. split; [assumption|].
    assert (LB : length (relu_box mask b) = length b).
    { clear. revert mask. induction b as [|[l u] b IH]; intros mask; simpl; [reflexivity|].
      now rewrite IH. }
    rewrite LB in J. rewrite !nth_relu_on, (HU j J), (HW j J).
    clear - J. revert mask j J. induction b as [|[l u] b IH]; intros mask j J; simpl in J;
        [lia|].
    destruct j as [|j]; [destruct mask as [|[] mask]; split; reflexivity|].
    specialize (IH (tl mask) j ltac:(lia)). simpl.
    destruct mask as [|c mask]; simpl in *; [|exact IH]. now destruct j.
  - destruct (E false) as (u & U & HU), (E true) as (w & W & HW). exists u, w.
    rewrite (HU j J), (HW j J). repeat split; trivial; reflexivity.
Qed.

(** ** The box of a set *)

Definition spans (D : set) (b : list interval) : Prop :=
  (exists v, D v) /\ (forall v, D v -> in_box b v) /\ (forall v, in_box b v -> around D v).

Lemma around_in_box : forall (D : set) b v, (forall v, D v -> in_box b v) -> around D v ->
    in_box b v.
Proof.
  intros D b v H ((u & U & L) & A). apply in_box_by_nth.
  - rewrite <- L. now apply in_box_length, H.
  - intros j _. destruct (A j) as (w & w' & W & W' & B & B').
    pose proof (in_box_nth b w j (H w W)). pose proof (in_box_nth b w' j (H w' W')). lra.
Qed.

Lemma image_length : forall f b v, in_box b v -> length (apply f v) = length (image f b).
Proof. intros f b v I. apply in_box_length. now apply image_sound. Qed.

Theorem box_layer_is_image : forall D b f z y, spans D b -> D z ->
  box_layer D f z y <-> in_box (image f b) y.
Proof.
  intros D b f z y (_ & H & A) Z. split.
  - intros [L B]. apply in_box_by_nth; [rewrite L; now apply image_length, H|].
    intros j _. destruct (B j) as (u & w & U & W & B1 & B2).
    pose proof (in_box_nth _ _ j (image_sound f b u (around_in_box D b u H U))).
    pose proof (in_box_nth _ _ j (image_sound f b w (around_in_box D b w H W))). lra.
  - intros I. split; [rewrite (image_length f b z (H z Z)); now apply in_box_length|].
    intros j. destruct (Compare_dec.lt_dec j (length (image f b))) as [J|J].
    + destruct (image_attained f b z j (H z Z) J) as (u & w & U & W & EU & EW).
      exists u, w. pose proof (in_box_nth _ _ j I). rewrite EU, EW. auto.
    + assert (around D z).
      { split; [now exists z|]. intros i. exists z, z. repeat split; trivial; apply Qle_refl. }
      exists z, z. split; [assumption|]. split; [assumption|].
      pose proof (in_box_length _ _ I) as LY. pose proof (image_length f b z (H z Z)) as LZ.
      rewrite !nth_overflow by lia. split; apply Qle_refl.
Qed.

Theorem box_behind : forall D b f, spans D b -> spans (behind box_layer f D) (image f b).
Proof.
  intros D b f S. pose proof S as ((v & V) & H & A). split; [|split].
  - exists (apply f v), v. split; [assumption|]. apply (box_layer_is_image D b f v); trivial.
    now apply image_sound, H.
  - intros y (z & Z & B). now apply (box_layer_is_image D b f z).
  - intros y I. assert (B : behind box_layer f D y)
      by (exists v; split; [assumption | now apply (box_layer_is_image D b f v)]).
    split; [now exists y|]. intros j. exists y, y. repeat split; trivial; apply Qle_refl.
Qed.

Lemma box_sound : sound box_layer.
Proof.
  intros D f z y I E.
  assert (A : around D z).
  { split; [now exists z|]. intros j. exists z, z. repeat split; trivial; apply Qle_refl. }
  split; [clear A; induction E; simpl; congruence|]. intros j. exists z, z.
  rewrite (nth_eqv _ _ E j). split; [assumption|]. split; [assumption|]. split; apply Qle_refl.
Qed.

Theorem box_reached : forall fs D b i, spans D b -> (i <= length fs)%nat ->
  spans (reach box_layer D fs i) (nth i (boxes_of b fs) []).
Proof.
  induction fs as [|f fs IH]; intros D b [|i] S I; simpl in *; trivial; try lia.
  apply IH; [now apply box_behind | lia].
Qed.

(** Traces that run through ends of the intervals. *)
Definition through (g : bool) (b : list interval) : vec := map (if g then snd else fst) b.

Definition end_trace (g : bool) (z : vec) (bs : list (list interval)) : trace :=
  z :: map (through g) (tl bs).

Lemma through_in_box : forall g b v, in_box b v -> in_box b (through g b).
Proof.
  intros g b v I. induction I as [|[l u] q b v [B1 B2] I IH]; simpl; constructor; trivial.
  simpl in *. destruct g; split; simpl; lra.
Qed.

Theorem end_trace_layered : forall g fs D b z, spans D b -> D z ->
  layered box_layer D fs (end_trace g z (boxes_of b fs)).
Proof.
  intros g. induction fs as [|f fs IH]; intros D b z S Z; [exact Z|].
  pose proof (box_behind D b f S) as B. pose proof S as (_ & H & _).
  assert (I : in_box (image f b) (through g (image f b)))
    by (apply (through_in_box g _ (apply f z)); now apply image_sound, H).
  assert (L : box_layer D f z (through g (image f b))) by now apply (box_layer_is_image D b f z).
  assert (Z' : behind box_layer f D (through g (image f b))) by (exists z; now split).
  specialize (IH _ _ _ B Z').
  assert (E : end_trace g z (boxes_of b (f :: fs))
              = z :: end_trace g (through g (image f b)) (boxes_of (image f b) fs)).
  { unfold end_trace. simpl. f_equal. now destruct fs. }
  rewrite E. unfold end_trace in *. cbn [layered]. now split.
Qed.
