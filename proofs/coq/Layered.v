(** * Relaxations that see one layer at a time

    A layer relaxation says which pairs of values before and behind a layer are admitted, given
    the set of values that may reach it.  No bound occurs in the definitions: that set is what
    the relaxation of the layers before admits. *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Traces Relaxation.
Import ListNotations.
Open Scope Q_scope.

Definition layer_relaxation := set -> layer -> vec -> vec -> Prop.

Definition behind (L : layer_relaxation) (f : layer) (D : set) : set :=
  fun y => exists z, D z /\ L D f z y.

(** [layered L X net t]: [t] starts in [X], and each layer's pair is admitted. *)
Fixpoint layered (L : layer_relaxation) (X : set) (net : network) (t : trace) : Prop :=
  match net, t with
  | [], [x] => X x
  | f :: fs, z :: ((y :: _) as t') => X z /\ L X f z y /\ layered L (behind L f X) fs t'
  | _, _ => False
  end.

(** ** The relaxations *)

Definition exact_layer : layer_relaxation := fun _ f z y => eqv y (apply f z).

(** Each neuron's pair is in the hull of the graph of [relu] over its values. *)
Definition triangle_layer : layer_relaxation := fun D => step (triangle_neuron D).

Definition neurons_of (mask : list bool) : list nat :=
  filter (fun j => nth j mask false) (seq 0 (length mask)).

Definition pick (J : list nat) (v : vec) : vec := map (fun j => nth j v 0) J.

Definition unstable (D : set) (j : nat) : Prop :=
  (exists v, D v /\ nth j v 0 < 0) /\ (exists v, D v /\ 0 < nth j v 0).

(** k-ReLU, with all groups [J] of at most [k] unstable neurons of a layer: the group's inputs
    and outputs are in the hull of those that occur together. *)
Definition krelu_layer (k : nat) : layer_relaxation := fun D f z y =>
  triangle_layer D f z y
  /\ match f with
     | ReLU mask => forall member J, J = filter member (neurons_of mask) ->
         (length J <= k)%nat -> Forall (unstable D) J ->
         conv (fun t => exists v, D v /\ t = [pick J v; pick J (relu_on mask v)])
              [pick J z; pick J y]
     | _ => True
     end.

(** M_k: all inputs of the layer, with the outputs of any [J] of at most [k] neurons. *)
Definition M_layer (k : nat) : layer_relaxation := fun D f z y =>
  triangle_layer D f z y
  /\ match f with
     | ReLU mask => forall member J, J = filter member (neurons_of mask) ->
         (length J <= k)%nat ->
         conv (fun t => exists v, D v /\ t = [v; pick J (relu_on mask v)]) [z; pick J y]
     | _ => True
     end.

(** The hull of the whole layer's graph; [Windows.v] shows that this is [P 1]. *)
Definition hull_layer : layer_relaxation := fun D f z y =>
  conv (fun t => exists v, D v /\ t = [v; apply f v]) [z; y].

(** ** Places and forms

    [(i, j)] is value [j] behind [i] layers. *)

Definition place := (nat * nat)%type.
Definition form := list (Q * place).

Definition value_at (t : trace) (p : place) : Q := nth (snd p) (nth (fst p) t []) 0.

Fixpoint amount (f : form) (t : trace) : Q :=
  match f with [] => 0 | (c, p) :: f' => c * value_at t p + amount f' t end.

(** ** Linear inequalities hold on hulls *)

Lemma nth_add_vec : forall u v j, nth j (add_vec u v) 0 == nth j u 0 + nth j v 0.
Proof.
  induction u as [|a u IH]; intros [|b v] [|j]; simpl; try ring. apply IH.
Qed.

Lemma nth_add_trace : forall s t i, nth i (add_trace s t) [] = add_vec (nth i s []) (nth i t []).
Proof.
  induction s as [|u s IH]; intros [|v t] [|i]; simpl; trivial; now rewrite add_vec_nil.
Qed.

Lemma value_at_add : forall s t p, value_at (add_trace s t) p == value_at s p + value_at t p.
Proof. intros. unfold value_at. rewrite nth_add_trace. apply nth_add_vec. Qed.

Lemma nth_scaled : forall w v j, nth j (map (Qmult w) v) 0 == w * nth j v 0.
Proof. induction v as [|a v IH]; intros [|j]; simpl; try ring. apply IH. Qed.

Lemma value_at_scale : forall w t p, value_at (scale_trace w t) p == w * value_at t p.
Proof.
  unfold value_at. intros w t [i j]. simpl. revert i.
  induction t as [|v t IH]; intros [|i]; simpl; try apply IH; try apply nth_scaled;
    destruct j; ring.
Qed.

Lemma nth_eqv : forall u v, eqv u v -> forall j, nth j u 0 == nth j v 0.
Proof. intros u v E j. exact (output_compat j u v E). Qed.

Lemma value_at_eqt : forall s t, eqt s t -> forall p, value_at s p == value_at t p.
Proof.
  unfold value_at. intros s t E [i j]. simpl. revert i. induction E as [|u v s t U E IH];
    intros [|i]; simpl; try reflexivity; [now apply nth_eqv | apply IH].
Qed.

Lemma amount_add : forall f s t, amount f (add_trace s t) == amount f s + amount f t.
Proof.
  induction f as [|[c p] f IH]; intros; simpl; [ring|]. rewrite value_at_add, IH. ring.
Qed.

Lemma amount_scale : forall f w t, amount f (scale_trace w t) == w * amount f t.
Proof.
  induction f as [|[c p] f IH]; intros; simpl; [ring|]. rewrite value_at_scale, IH. ring.
Qed.

Lemma amount_eqt : forall f s t, eqt s t -> amount f s == amount f t.
Proof.
  induction f as [|[c p] f IH]; intros s t E; simpl; [reflexivity|].
  now rewrite (value_at_eqt s t E p), (IH s t E).
Qed.

Lemma amount_nil : forall f, amount f [] == 0.
Proof.
  induction f as [|[c [i j]] f IH]; simpl; [reflexivity|]. rewrite IH. unfold value_at. simpl.
  destruct i, j; simpl; ring.
Qed.

Lemma conv_amount : forall (S : trace -> Prop) f b, (forall t, S t -> amount f t <= b) ->
  forall t, conv S t -> amount f t <= b.
Proof.
  intros S f b V t (ps & [N W] & F & E). rewrite (amount_eqt f _ _ E).
  enough (H : amount f (combination ps) <= sum (map fst ps) * b) by (rewrite W in H; lra).
  clear W E. induction ps as [|[w s] ps IH]; simpl.
  - rewrite amount_nil. unfold sum. simpl. lra.
  - simpl in N, F. inversion N as [|? ? N1 N2]; subst. inversion F as [|? ? F1 F2]; subst.
    rewrite amount_add, amount_scale. specialize (IH N2 F2). specialize (V s F1).
    unfold sum in *. simpl. nra.
Qed.

Lemma conv_equation : forall (S : trace -> Prop) f b, (forall t, S t -> amount f t == b) ->
  forall t, conv S t -> amount f t == b.
Proof.
  intros S f b V t C. apply Qle_antisym.
  - apply (conv_amount S); [|assumption]. intros s I. rewrite (V s I). apply Qle_refl.
  - assert (O : forall f u, amount (map (fun cp => (- fst cp, snd cp)) f) u == - amount f u).
    { clear. intros f u. induction f as [|[c p] f IH]; simpl; [ring|]. rewrite IH. ring. }
    enough (- amount f t <= - b) by lra. rewrite <- O.
    apply (conv_amount S); [|assumption]. intros s I. rewrite O, (V s I). apply Qle_refl.
Qed.

Lemma conv_mono : forall (S S' : trace -> Prop), (forall t, S t -> S' t) ->
  forall t, conv S t -> conv S' t.
Proof.
  intros S S' H t (ps & W & F & E). exists ps. repeat split; try apply W; [|assumption].
  eapply Forall_impl; [|exact F]. exact H.
Qed.

Lemma eqt_sym : forall s t, eqt s t -> eqt t s.
Proof. induction 1; constructor; [now apply eqv_sym | assumption]. Qed.

Lemma eqt_trans : forall s t u, eqt s t -> eqt t u -> eqt s u.
Proof.
  intros s t u E. revert u. induction E; intros w F; inversion F; subst; constructor;
    [eapply eqv_trans; eassumption | now apply IHE].
Qed.

Lemma conv_eqt : forall (S : trace -> Prop) s t, eqt t s -> conv S s -> conv S t.
Proof.
  intros S s t E (ps & W & F & G). exists ps. split; [assumption|]. split; [assumption|].
  exact (eqt_trans _ _ _ E G).
Qed.

(** ** What every relaxation implies between two values *)

Definition linked (f : layer) (z y : vec) : Prop :=
  match f with
  | Affine rows => forall j row, nth_error rows j = Some row ->
      nth j y 0 == dot (fst row) z + snd row
  | ReLU mask => forall j,
      if nth j mask false then 0 <= nth j y 0 /\ nth j z 0 <= nth j y 0
      else nth j y 0 == nth j z 0
  | Identity => forall j, nth j y 0 == nth j z 0
  end.

Definition below_line (l u z y : Q) : Prop :=
  (0 <= l -> y <= z) /\ (u <= 0 -> y <= 0)
  /\ (l <= 0 -> 0 <= u -> (u - l) * y <= u * (z - l)).

(** [y] is not above the triangle over any bounds of [z]. *)
Definition triangular (D : set) (f : layer) (z y : vec) : Prop :=
  match f with
  | ReLU mask => forall j, nth j mask false = true -> forall l u,
      (forall v, D v -> l <= nth j v 0 <= u) -> below_line l u (nth j z 0) (nth j y 0)
  | _ => True
  end.

Definition tight (L : layer_relaxation) : Prop := forall (D : set) f z y,
  D z -> L D f z y -> linked f z y /\ triangular D f z y.

Definition sound (L : layer_relaxation) : Prop := forall (D : set) f z y,
  D z -> eqv y (apply f z) -> L D f z y.

Lemma nth_relu_on : forall z mask j,
  nth j (relu_on mask z) 0 == if nth j mask false then relu (nth j z 0) else nth j z 0.
Proof.
  induction z as [|a z IH]; intros mask j; simpl.
  - assert (R : relu 0 == 0) by reflexivity.
    destruct j; destruct (nth _ mask false); try rewrite R; reflexivity.
  - destruct j as [|j]; [destruct mask; reflexivity|]. rewrite IH.
    destruct mask as [|b mask]; simpl; [now destruct j|]. reflexivity.
Qed.

Lemma linked_exact : forall f z y, eqv y (apply f z) -> linked f z y.
Proof.
  intros [rows|mask|] z y E; simpl in *.
  - intros j row N. rewrite (nth_eqv _ _ E).
    rewrite nth_error_nth with (x := dot (fst row) z + snd row); [reflexivity|].
    now rewrite nth_error_map, N.
  - intros j. pose proof (nth_relu_on z mask j) as R. rewrite <- (nth_eqv _ _ E j) in R.
    destruct (nth j mask false); rewrite R; [|reflexivity].
    destruct (relu_cases (nth j z 0)); lra.
  - intros j. now apply nth_eqv.
Qed.

Lemma below_line_relu : forall l u z y, l <= z <= u -> y == relu z -> below_line l u z y.
Proof.
  intros l u z y B E. unfold below_line.
  destruct (relu_cases z) as [[? R]|[? R]]; rewrite R in E; repeat split; intros; nra.
Qed.

Lemma triangular_exact : forall (D : set) f z y, D z -> eqv y (apply f z) ->
  triangular D f z y.
Proof.
  intros D [rows|mask|] z y I E; simpl; trivial. intros j N l u B.
  apply below_line_relu; [now apply B|]. rewrite (nth_eqv _ _ E j). simpl.
  rewrite nth_relu_on, N. reflexivity.
Qed.

Lemma exact_tight : tight exact_layer.
Proof.
  intros D f z y I E. split; [now apply linked_exact | now apply triangular_exact].
Qed.

Lemma exact_sound : sound exact_layer.
Proof. now intros D f z y _ E. Qed.

(** One neuron of a [relu_step]. *)
Lemma relu_step_nth : forall R z k mask y, relu_step R k mask z y -> forall j,
  ((length z <= j)%nat /\ nth j z 0 = 0 /\ nth j y 0 = 0)
  \/ if nth j mask false then R (k + j)%nat (nth j z 0) (nth j y 0)
     else nth j y 0 == nth j z 0.
Proof.
  intros R. induction z as [|a z IH]; intros k mask [|b y] S j; simpl in S; try contradiction.
  - left. simpl. destruct j; repeat split; lia.
  - destruct S as [H S]. destruct j as [|j].
    + right. rewrite PeanoNat.Nat.add_0_r. now destruct mask.
    + destruct (IH (Datatypes.S k) (tl mask) y S j) as [(A & B & C)|T].
      * left. simpl. repeat split; trivial. lia.
      * right. simpl. rewrite PeanoNat.Nat.add_succ_r. simpl in T.
        destruct mask; simpl in *; [now destruct j|]. exact T.
Qed.

Definition neuron_graph (D : set) (j : nat) : trace -> Prop :=
  fun t => exists v s, D v /\ nth_error v j = Some s /\ t = [[s; relu s]].

Lemma triangle_tight : tight triangle_layer.
Proof.
  intros D f z y I S. unfold triangle_layer in S.
  destruct f as [rows|mask|]; simpl in S.
  - split; [now apply (linked_exact (Affine rows)) | exact Logic.I].
  - assert (V : forall j c d b, nth j mask false = true -> triangle_neuron D j (nth j z 0)
      (nth j y 0)
              -> (forall s, (exists v, D v /\ nth_error v j = Some s) -> c * s + d * relu s <= b)
              -> c * nth j z 0 + d * nth j y 0 <= b).
    { intros j c d b _ T H.
      enough (A : amount [(c, (0, 0)%nat); (d, (0, 1)%nat)] [[nth j z 0; nth j y 0]] <= b)
        by (cbn in A; unfold value_at in A; cbn in A; lra).
      apply (conv_amount (neuron_graph D j)); [|exact T].
      intros t (v & s & J & N & ->). cbn. unfold value_at. cbn.
      specialize (H s). assert (G : exists v, D v /\ nth_error v j = Some s) by eauto.
      specialize (H G). lra. }
    split.
    + intros j. destruct (relu_step_nth _ _ _ _ _ S j) as [(_ & A & B)|T].
      * rewrite A, B. destruct (nth j mask false); [split; lra | reflexivity].
      * simpl in T. destruct (nth j mask false) eqn:N; [|exact T].
        pose proof (V j 0 (-(1)) 0 N T) as V1. pose proof (V j 1 (-(1)) 0 N T) as V2.
        assert (W1 : 0 * nth j z 0 + -(1) * nth j y 0 <= 0).
        { apply V1. intros s _. destruct (relu_cases s); lra. }
        assert (W2 : 1 * nth j z 0 + -(1) * nth j y 0 <= 0).
        { apply V2. intros s _. destruct (relu_cases s); lra. }
        split; lra.
    + intros j N l u B. destruct (relu_step_nth _ _ _ _ _ S j) as [(_ & A & C)|T].
      * rewrite C. pose proof (B z I) as Z. rewrite A in Z. rewrite A.
        unfold below_line. repeat split; intros; nra.
      * simpl in T. rewrite N in T. pose proof (V j) as V'.
        assert (B' : forall s, (exists v, D v /\ nth_error v j = Some s) -> l <= s <= u).
        { intros s (v & J & M). specialize (B v J). now rewrite (nth_error_nth v j 0 M) in B. }
        repeat split; intros.
        -- enough (-(1) * nth j z 0 + 1 * nth j y 0 <= 0) by lra. apply V'; trivial.
           intros s G. specialize (B' s G). destruct (relu_cases s); lra.
        -- enough (0 * nth j z 0 + 1 * nth j y 0 <= 0) by lra. apply V'; trivial.
           intros s G. specialize (B' s G). destruct (relu_cases s); lra.
        -- enough (- u * nth j z 0 + (u - l) * nth j y 0 <= - (u * l)) by lra.
           apply V'; trivial. intros s G. specialize (B' s G).
           destruct (relu_cases s) as [[? E]|[? E]]; rewrite E; nra.
  - split; [now apply (linked_exact Identity) | exact Logic.I].
Qed.

Lemma relu_step_sound : forall (D : set) z mask pre y, D (pre ++ z) ->
  eqv y (relu_on mask z) -> relu_step (triangle_neuron D) (length pre) mask z y.
Proof.
  intros D. induction z as [|a z IH]; intros mask pre y I E; simpl in E;
    inversion E as [|b ? y' ? B E']; subst; simpl; trivial. split.
  - destruct (hd false mask); [|exact B].
    apply (conv_eqt _ [[a; relu a]]).
    + constructor; [|constructor]. constructor; [reflexivity|]. constructor; [exact
        B|constructor].
    + apply conv_contains. exists (pre ++ a :: z), a. repeat split; [assumption|].
      rewrite nth_error_app2, PeanoNat.Nat.sub_diag; auto.
  - specialize (IH (tl mask) (pre ++ [a]) y'). rewrite app_length in IH. simpl in IH.
    rewrite PeanoNat.Nat.add_1_r in IH. apply IH; [now rewrite <- app_assoc | assumption].
Qed.

Lemma triangle_layer_sound : sound triangle_layer.
Proof.
  intros D [rows|mask|] z y I E; unfold triangle_layer; simpl; try assumption.
  now apply (relu_step_sound D z mask []).
Qed.

Lemma pick_eqv : forall J u v, eqv u v -> eqv (pick J u) (pick J v).
Proof.
  intros J u v E. induction J; simpl; constructor; [now apply nth_eqv | assumption].
Qed.

Lemma krelu_tight : forall k, tight (krelu_layer k).
Proof. intros k D f z y I [T _]. now apply triangle_tight. Qed.

Lemma krelu_sound : forall k, sound (krelu_layer k).
Proof.
  intros k D f z y I E. split; [now apply triangle_layer_sound|].
  destruct f as [|mask|]; trivial. intros member J _ _ _.
  apply (conv_eqt _ [pick J z; pick J (relu_on mask z)]).
  - constructor; [apply eqv_refl|]. constructor; [now apply pick_eqv | constructor].
  - apply conv_contains. now exists z.
Qed.

Lemma M_tight : forall k, tight (M_layer k).
Proof. intros k D f z y I [T _]. now apply triangle_tight. Qed.

Lemma M_sound : forall k, sound (M_layer k).
Proof.
  intros k D f z y I E. split; [now apply triangle_layer_sound|].
  destruct f as [|mask|]; trivial. intros member J _ _.
  apply (conv_eqt _ [z; pick J (relu_on mask z)]).
  - constructor; [apply eqv_refl|]. constructor; [now apply pick_eqv | constructor].
  - apply conv_contains. now exists z.
Qed.

(** [<a, v_i>] as a form. *)
Fixpoint dot_form (i j : nat) (a : vec) : form :=
  match a with [] => [] | c :: a' => (c, (i, j)) :: dot_form i (S j) a' end.

Lemma amount_dot_form : forall a i j t,
  amount (dot_form i j a) t == dot a (skipn j (nth i t [])).
Proof.
  induction a as [|c a IH]; intros i j t; [reflexivity|].
  cbn [dot_form amount]. rewrite IH. unfold value_at. cbn [fst snd].
  generalize (nth i t []) as v. clear. intros v. revert j.
  induction v as [|y v IH]; intros [|j].
  - destruct a; cbn; ring.
  - destruct a; cbn; ring.
  - reflexivity.
  - change (skipn (S (S j)) (y :: v)) with (skipn (S j) v).
    change (skipn (S j) (y :: v)) with (skipn j v). apply IH.
Qed.

Lemma hull_tight : tight hull_layer.
Proof.
  intros D f z y I C. unfold hull_layer in C. split.
  - destruct f as [rows|mask|].
    + intros j row N.
      assert (A : amount ((1, (1, j)%nat) :: dot_form 0 0 (map Qopp (fst row))) [z; y] == snd
          row).
      { apply (conv_equation _ _ _) with (2 := C). intros t (v & _ & ->).
        cbn [amount]. rewrite amount_dot_form. unfold value_at. cbn [fst snd nth skipn].
        pose proof (linked_exact (Affine rows) v _ (eqv_refl _) j row N) as E. rewrite E.
        assert (O : forall a x, dot (map Qopp a) x == - dot a x).
        { clear. induction a; intros [|b x]; simpl; try ring. rewrite IHa. ring. }
        rewrite O. ring. }
      cbn [amount] in A. rewrite amount_dot_form in A. unfold value_at in A.
      cbn [fst snd nth skipn] in A.
      assert (O : forall a x, dot (map Qopp a) x == - dot a x).
      { clear. induction a; intros [|b x]; simpl; try ring. rewrite IHa. ring. }
      rewrite O in A. lra.
    + intros j. pose proof (fun v => linked_exact (ReLU mask) v _ (eqv_refl _) j) as E.
      destruct (nth j mask false).
      * assert (A : amount [(-(1), (1, j)%nat)] [z; y] <= 0).
        { apply (conv_amount _ _ _) with (2 := C). intros t (v & _ & ->). specialize (E v).
          cbn in *. unfold value_at. cbn. lra. }
        assert (B : amount [(1, (0, j)%nat); (-(1), (1, j)%nat)] [z; y] <= 0).
        { apply (conv_amount _ _ _) with (2 := C). intros t (v & _ & ->). specialize (E v).
          cbn in *. unfold value_at. cbn. lra. }
        cbn in A, B. unfold value_at in A, B. cbn in A, B. split; lra.
      * assert (A : amount [(1, (1, j)%nat); (-(1), (0, j)%nat)] [z; y] == 0).
        { apply (conv_equation _ _ _) with (2 := C). intros t (v & _ & ->). specialize (E v).
          cbn in *. unfold value_at. cbn. rewrite E. ring. }
        cbn in A. unfold value_at in A. cbn in A. lra.
    + intros j.
      assert (A : amount [(1, (1, j)%nat); (-(1), (0, j)%nat)] [z; y] == 0).
      { apply (conv_equation _ _ _) with (2 := C). intros t (v & _ & ->).
        cbn. unfold value_at. cbn. ring. }
      cbn in A. unfold value_at in A. cbn in A. lra.
  - destruct f as [|mask|]; simpl; trivial. intros j N l u B.
    assert (V : forall c d b, (forall v, D v -> c * nth j v 0 + d * relu (nth j v 0) <= b) ->
              c * nth j z 0 + d * nth j y 0 <= b).
    { intros c d b H.
      assert (A : amount [(c, (0, j)%nat); (d, (1, j)%nat)] [z; y] <= b).
      { apply (conv_amount _ _ _) with (2 := C). intros t (v & J & ->). specialize (H v J).
        cbn [amount]. unfold value_at. cbn [fst snd nth].
        pose proof (nth_relu_on v mask j) as R. rewrite N in R. simpl apply. rewrite R. lra. }
      cbn [amount] in A. unfold value_at in A. cbn [fst snd nth] in A. lra. }
    repeat split; intros.
    + enough (-(1) * nth j z 0 + 1 * nth j y 0 <= 0) by lra. apply V.
      intros v J. specialize (B v J). destruct (relu_cases (nth j v 0)); lra.
    + enough (0 * nth j z 0 + 1 * nth j y 0 <= 0) by lra. apply V.
      intros v J. specialize (B v J). destruct (relu_cases (nth j v 0)); lra.
    + enough (- u * nth j z 0 + (u - l) * nth j y 0 <= - (u * l)) by lra. apply V.
      intros v J. specialize (B v J).
      destruct (relu_cases (nth j v 0)) as [[? E]|[? E]]; rewrite E; nra.
Qed.

Lemma hull_sound : sound hull_layer.
Proof.
  intros D f z y I E. apply (conv_eqt _ [z; apply f z]).
  - constructor; [apply eqv_refl|]. now repeat constructor.
  - apply conv_contains. now exists z.
Qed.

(** ** The values that reach a layer *)

Fixpoint reach (L : layer_relaxation) (X : set) (net : network) (i : nat) : set :=
  match i, net with
  | S i', f :: fs => reach L (behind L f X) fs i'
  | _, _ => X
  end.

Lemma layered_head : forall L net X t, layered L X net t -> exists z s, t = z :: s /\ X z.
Proof.
  intros L [|f fs] X [|z [|y t]]; simpl; try contradiction; eauto. intros [I _]. eauto.
Qed.

Lemma layered_step : forall L net X t, layered L X net t -> forall i f,
  nth_error net i = Some f ->
  reach L X net i (nth i t []) /\ L (reach L X net i) f (nth i t []) (nth (S i) t []).
Proof.
  intros L. induction net as [|g net IH]; intros X t T [|i] f N; try discriminate;
    destruct t as [|z [|y t]]; simpl in T; try contradiction; destruct T as (I & S & T).
  - simpl in N. injection N as ->. now split.
  - exact (IH _ (y :: t) T i f N).
Qed.

Lemma layered_prefix : forall L net X t d, layered L X net t ->
  layered L X (firstn d net) (firstn (S d) t).
Proof.
  intros L. induction net as [|f net IH]; intros X t [|d] T;
    destruct t as [|z [|y t]]; simpl in T; try contradiction; simpl; trivial.
  - now destruct T.
  - destruct T as (I & S & T). repeat split; trivial. exact (IH _ (y :: t) d T).
Qed.

Lemma firstn_firstn_le : forall (A : Type) (l : list A) i d, (i <= d)%nat ->
  firstn i (firstn d l) = firstn i l.
Proof. intros. rewrite firstn_firstn. now replace (Nat.min i d) with i by lia. Qed.

(** A run, from a value that is reached, is the end of a trace. *)
Lemma layered_run : forall L, sound L -> forall net (X : set) x, X x ->
  layered L X net (run net x).
Proof.
  intros L H. induction net as [|f net IH]; intros X x I; [assumption|].
  assert (B : behind L f X (apply f x)).
  { exists x. split; [assumption|]. apply H; [assumption | apply eqv_refl]. }
  specialize (IH _ _ B). assert (R : exists s, run net (apply f x) = apply f x :: s)
    by (destruct net; simpl; eauto).
  destruct R as [s R]. cbn [run]. rewrite R in *. cbn [layered]. repeat split; trivial.
  apply H; [assumption | apply eqv_refl].
Qed.

Lemma layered_extend : forall L, sound L -> forall s net (X : set) m v, (s <= length net)%nat ->
  reach L X net s v -> exists t,
  layered L X (firstn (s + m) net) t
  /\ forall k, nth (s + k) t [] = nth k (run (firstn m (skipn s net)) v) [].
Proof.
  intros L H. induction s as [|s IH]; intros net X m v LE R.
  - assert (I : X v) by now destruct net. exists (run (firstn m net) v).
    split; [|reflexivity]. now apply layered_run.
  - destruct net as [|f net]; [simpl in LE; lia|]. simpl in R, LE.
    destruct (IH net (behind L f X) m v) as (t & T & E); [lia | assumption|].
    destruct (layered_head _ _ _ _ T) as (y & s' & -> & (z & Z & S)).
    exists (z :: y :: s'). split; [|exact E]. simpl. now repeat split.
Qed.

(** Runs are traces of every relaxation. *)
Lemma exact_layered : forall L, sound L -> forall net (D D' : set) t,
  (forall v, D v -> D' v) -> layered exact_layer D net t -> layered L D' net t.
Proof.
  intros L H. induction net as [|f net IH]; intros D D' t I T;
    destruct t as [|z [|y t]]; simpl in T; try contradiction; simpl; [now apply I|].
  destruct T as (J & S & T). repeat split; [now apply I | apply H; [now apply I | exact S]|].
  apply (IH (behind exact_layer f D)); [|exact T].
  intros v (u & U & E). exists u. split; [now apply I|]. apply H; [now apply I | exact E].
Qed.
