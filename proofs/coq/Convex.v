(** * Relaxations are convex

    The traces that a relaxation admits are a convex set if the input set is one, though the
    runs of the network are not. *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Traces Relaxation Lemma41 Layered Lines Boxes Windows
    Hulls.
Import ListNotations.
Open Scope Q_scope.

(** ** Linear maps of traces *)

Definition linear (h : trace -> trace) : Prop :=
  (forall s t, eqt s t -> eqt (h s) (h t))
  /\ (forall w t, eqt (h (scale_trace w t)) (scale_trace w (h t)))
  /\ (forall s t, eqt (h (add_trace s t)) (add_trace (h s) (h t))).

Lemma linear_combination : forall h ps, linear h -> ps <> [] ->
  eqt (h (combination ps)) (combination (map (fun p => (fst p, h (snd p))) ps)).
Proof.
  intros h ps (E & W & A) N. induction ps as [|[w s] ps IH]; [contradiction|].
  destruct ps as [|p ps].
  - unfold combination. simpl. rewrite !add_trace_nil. apply W.
  - eapply eqt_trans; [apply A|]. simpl map. apply add_trace_compat; [apply W|].
    apply IH. discriminate.
Qed.

Lemma weights_not_nil : forall (ps : list (Q * trace)), convex_weights (map fst ps) -> ps <> [].
Proof. intros ps [_ S] ->. unfold sum in S. simpl in S. lra. Qed.

Lemma conv_linear : forall h (S S' : trace -> Prop) t, linear h ->
  (forall s, S s -> S' (h s)) -> conv S t -> conv S' (h t).
Proof.
  intros h S S' t L H (ps & W & F & E). exists (map (fun p => (fst p, h (snd p))) ps).
  rewrite !map_map. cbn [fst snd]. split; [exact W | split].
  - apply Forall_map. rewrite Forall_map in F. eapply Forall_impl; [|exact F]. intros p I.
    now apply H.
  - eapply eqt_trans; [apply L; exact E|]. apply linear_combination; [assumption|].
    now apply weights_not_nil.
Qed.

(** A combination of images is the image of a combination. *)
Lemma conv_lift : forall h (S : trace -> Prop) t, linear h ->
  conv (fun u => exists s, S s /\ eqt u (h s)) t -> exists s, conv S s /\ eqt t (h s).
Proof.
  intros h S t L (ps & W & F & E).
  enough (G : exists qs, map fst qs = map fst ps /\ Forall S (map snd qs)
    /\ eqt (combination ps) (combination (map (fun p => (fst p, h (snd p))) qs))).
  { destruct G as (qs & W' & F' & E'). exists (combination qs). rewrite <- W' in W. split.
    - exists qs. split; [assumption | split; [assumption | apply eqt_refl]].
    - eapply eqt_trans; [exact E|]. eapply eqt_trans; [exact E'|]. apply eqt_sym.
      apply linear_combination; [assumption | now apply weights_not_nil]. }
  clear W E. induction ps as [|[w u] ps IH]; simpl in *.
  - exists []. repeat split; constructor.
  - inversion F as [|? ? (s & I & E) F']; subst. destruct (IH F') as (qs & A & B & C).
    exists ((w, s) :: qs). simpl. split; [now f_equal | split; [now constructor|]].
    apply add_trace_compat; [now apply scale_trace_compat | exact C].
Qed.

Lemma linear_tl : linear (@tl vec).
Proof.
  split; [|split].
  - intros s t E. destruct E; simpl; [constructor | assumption].
  - intros w [|v t]; apply eqt_refl.
  - intros [|u s] [|v t]; try apply eqt_refl. simpl. rewrite add_trace_nil. apply eqt_refl.
Qed.

Lemma linear_firstn : forall n, linear (@firstn vec n).
Proof.
  intros n. split; [|split].
  - intros s t E. revert n. induction E; intros [|n]; simpl; constructor; trivial. apply IHE.
  - intros w t. revert n. induction t as [|v t IH]; intros [|n]; simpl; try apply eqt_refl.
    constructor; [apply eqv_refl | apply IH].
  - intros s. revert n. induction s as [|u s IH]; intros [|n] [|v t]; simpl;
      rewrite ?add_trace_nil; try apply eqt_refl.
    constructor; [apply eqv_refl | apply IH].
Qed.

(** Values at some places, as rows of a trace. *)
Definition at_places (pss : list (list place)) (t : trace) : trace :=
  map (fun ps => map (value_at t) ps) pss.

Lemma linear_at_places : forall pss, linear (at_places pss).
Proof.
  intros pss. unfold at_places. split; [|split].
  - intros s t E. induction pss as [|ps pss IH]; simpl; constructor; [|exact IH].
    induction ps; simpl; constructor; [now apply value_at_eqt | assumption].
  - intros w t. induction pss as [|ps pss IH]; simpl; constructor; [|exact IH].
    induction ps; simpl; constructor; [apply value_at_scale | assumption].
  - intros s t. induction pss as [|ps pss IH]; simpl; constructor; [|exact IH].
    induction ps; simpl; constructor; [apply value_at_add | assumption].
Qed.

(** ** [P r] *)

Theorem P_convex : forall r net (X : set) t, conv (P r X net) t -> P r X net t.
Proof.
  intros r. induction net as [|f net IH]; intros X t C; cbn [P] in *.
  - now apply (conv_conv (runs [] X) (conv (runs [] X))).
  - destruct (length (f :: net) <=? r)%nat.
    + now apply (conv_conv (runs (f :: net) X) (conv (runs (f :: net) X))).
    + split.
      * apply (conv_conv (runs (firstn r (f :: net)) X) (conv (runs (firstn r (f :: net)) X)));
          [trivial|].
        apply (conv_linear (@firstn vec (S r)) _ _ _ (linear_firstn _)) with (2 := C).
        now intros s [H _].
      * apply IH. apply (conv_linear (@tl vec) _ _ _ linear_tl) with (2 := C).
        now intros s [_ H].
Qed.

(** ** Layers *)

Definition sized (n : nat) (D : set) : Prop := forall v, D v -> length v = n.

(** Pairs of a layer's input and output. *)
Definition pairs (L : layer_relaxation) (D : set) (f : layer) : trace -> Prop :=
  fun t => exists z y, D z /\ L D f z y /\ t = [z; y].

Definition convex_layer (L : layer_relaxation) : Prop := forall n (D : set) f z y, sized n D ->
  conv (pairs L D f) [z; y] -> L D f z y.

Definition regular (L : layer_relaxation) : Prop := forall n (D : set) f z y, sized n D ->
  D z -> L D f z y -> length y = length (apply f z).

Definition width (f : layer) (n : nat) : nat :=
  match f with Affine rows => length rows | _ => n end.

Lemma apply_length : forall f v, length (apply f v) = width f (length v).
Proof.
  intros [rows|mask|] v; simpl; [apply map_length | | reflexivity].
  revert mask. induction v as [|a v IH]; intros mask; simpl; [reflexivity | now rewrite IH].
Qed.

Lemma length_nth_add : forall i s t, length (nth i (add_trace s t) [])
  = Nat.max (length (nth i s [])) (length (nth i t [])).
Proof. intros. rewrite nth_add_trace. apply length_add. Qed.

Lemma length_nth_scale : forall i w t,
  length (nth i (scale_trace w t) []) = length (nth i t []).
Proof.
  intros i w t. revert i. unfold scale_trace.
  induction t as [|v t IH]; intros [|i]; simpl; trivial. apply map_length.
Qed.

Lemma length_nth_eqt : forall i s t, eqt s t -> length (nth i s []) = length (nth i t []).
Proof.
  intros i s t E. revert i. induction E; intros [|i]; simpl; trivial. now apply eqv_length.
Qed.

Lemma conv_sized : forall (S : trace -> Prop) i n t, (forall s, S s -> length (nth i s []) =
    n) ->
  conv S t -> length (nth i t []) = n.
Proof.
  intros S i n t H (ps & W & F & E). rewrite (length_nth_eqt i _ _ E).
  pose proof (weights_not_nil ps W) as N. clear W E.
  induction ps as [|[w s] ps IH]; [contradiction|]. inversion F as [|? ? I F']; subst.
  destruct ps as [|p ps].
  - unfold combination. simpl. rewrite add_trace_nil, length_nth_scale. now apply H.
  - specialize (IH F' ltac:(discriminate)). change (combination ((w, s) :: p :: ps))
      with (add_trace (scale_trace w s) (combination (p :: ps))).
    rewrite length_nth_add, length_nth_scale, IH. simpl in I. rewrite (H s I).
    apply PeanoNat.Nat.max_id.
Qed.

Lemma conv_length : forall (S : trace -> Prop) n t, (forall s, S s -> length s = n) ->
  conv S t -> length t = n.
Proof.
  intros S n t H (ps & W & F & E).
  assert (LE : length t = length (combination ps)) by (clear -E; induction E; simpl; congruence).
  rewrite LE. pose proof (weights_not_nil ps W) as N. clear W E LE.
  assert (LA : forall s u, length (add_trace s u) = Nat.max (length s) (length u)).
  { induction s as [|v s IH]; intros [|u t']; simpl; trivial. now rewrite IH. }
  assert (LS : forall w s, S s -> length (scale_trace w s) = n)
    by (intros w s I; rewrite <- (H s I); apply map_length).
  induction ps as [|[w s] ps IH]; [contradiction|]. inversion F as [|? ? I F']; subst.
  simpl in I. destruct ps as [|p ps].
  - unfold combination. simpl. rewrite add_trace_nil. now apply LS.
  - specialize (IH F' ltac:(discriminate)). change (combination ((w, s) :: p :: ps))
      with (add_trace (scale_trace w s) (combination (p :: ps))).
    rewrite LA, IH, (LS w s I). apply PeanoNat.Nat.max_id.
Qed.

(** ** Layered relaxations *)

Theorem layered_convex : forall L, convex_layer L -> regular L -> forall net (X : set) n t,
  sized n X -> convex_set X -> conv (layered L X net) t -> layered L X net t.
Proof.
  intros L C R. induction net as [|f net IH]; intros X n t S V H.
  - destruct (V t) as (x & -> & I); [|exact I]. revert H. apply conv_mono.
    intros [|x [|]] T; simpl in T; try contradiction. now exists x.
  - assert (HD : forall s, layered L X (f :: net) s -> exists z y s', s = z :: y :: s'
              /\ X z /\ L X f z y /\ layered L (behind L f X) net (y :: s')).
    { intros [|z [|y s]] T; simpl in T; try contradiction. destruct T as (I & J & T).
      exists z, y, s. auto. }
    destruct (V (firstn 1 t)) as (z & Z & I).
    { apply (conv_linear (@firstn vec 1) _ _ _ (linear_firstn 1)) with (2 := H).
      intros s T. destruct (HD s T) as (z & y & s' & -> & I & _). now exists z. }
    assert (B : sized (width f n) (behind L f X)).
    { intros y (u & U & J). now rewrite (R n X f u y S U J), apply_length, (S u U). }
    assert (P : forall p, conv (pairs L X f) p -> exists u y, p = [u; y] /\ X u /\ L X f u y).
    { intros p Q. assert (LP : length p = 2%nat)
        by (apply (conv_length (pairs L X f)); [now intros s (a & b & _ & _ & ->) | exact Q]).
      destruct p as [|u [|y [|]]]; try discriminate.
      exists u, y. split; [reflexivity|]. split; [|now apply (C n)].
      destruct (V [u]) as (x & E & J); [|now injection E as ->].
      apply (conv_linear (@firstn vec 1) _ _ _ (linear_firstn 1)) with (2 := Q).
      intros s (a & b & A & _ & ->). now exists a. }
    assert (VB : convex_set (behind L f X)).
    { intros p Q. destruct (conv_lift (@tl vec) (pairs L X f) p linear_tl) as (s & A & E).
      - revert Q. apply conv_mono. intros q (y & (u & U & J) & ->). exists [u; y].
        split; [now exists u, y | apply eqt_refl].
      - destruct (P s A) as (u & y & -> & U & J). simpl in E.
        destruct p as [|y' [|]]; inversion E as [|? ? ? ? E1 E2]; subst; [|inversion E2].
        exists y'. split; [reflexivity|]. exists u. split; [assumption|].
        apply (C n); [assumption|]. apply (conv_eqt _ [u; y]); [|assumption].
        constructor; [apply eqv_refl | now constructor]. }
    assert (T : layered L (behind L f X) net (tl t)).
    { apply (IH _ (width f n)); trivial.
      apply (conv_linear (@tl vec) _ _ _ linear_tl) with (2 := H).
      intros s T. now destruct (HD s T) as (z' & y & s' & -> & _ & _ & T'). }
    destruct (layered_head _ _ _ _ T) as (y & s & E & _).
    destruct t as [|z' t]; [discriminate|]. simpl in Z, E. injection Z as ->. subst t.
    split; [assumption|]. split; [|exact T]. apply (C n); [assumption|].
    apply (conv_linear (@firstn vec 2) _ _ _ (linear_firstn 2)) with (2 := H).
    intros s' T'. destruct (HD s' T') as (a & b & s'' & -> & A & J & _). now exists a, b.
Qed.

(** ** One layer of each relaxation *)

Lemma conv_upto : forall (S S' : trace -> Prop) t, (forall s, S s -> exists s', S' s' /\ eqt
    s s') ->
  conv S t -> conv S' t.
Proof.
  intros S S' t H C. destruct (conv_lift (fun u => u) S' t) as (s & A & E).
  - split; [|split]; trivial; intros; apply eqt_refl.
  - revert C. apply conv_mono. exact H.
  - now apply (conv_eqt _ s).
Qed.

Lemma pairs_sized : forall L n (D : set) f z y, regular L -> sized n D ->
  conv (pairs L D f) [z; y] -> length z = n /\ length y = width f n.
Proof.
  intros L n D f z y R S C. split.
  - apply (conv_sized _ 0 n) with (2 := C). intros t (u & v & U & _ & ->). now apply S.
  - apply (conv_sized _ 1 (width f n)) with (2 := C). intros t (u & v & U & V & ->). cbn [nth].
    now rewrite (R n D f u v S U V), apply_length, (S u U).
Qed.

(** Layers that are affine or the identity keep combinations. *)
Lemma exact_convex : forall L n (D : set) f z y, regular L -> sized n D ->
  (match f with ReLU _ => False | _ => True end) ->
  (forall u v, D u -> L D f u v -> eqv v (apply f u)) -> conv (pairs L D f) [z; y] ->
  eqv y (apply f z).
Proof.
  intros L n D f z y R S K H C. destruct (pairs_sized L n D f z y R S C) as [LZ LY].
  assert (G : hull_layer (fun _ => True) f z y).
  { apply (conv_upto _ _ _) with (2 := C). intros t (u & v & U & V & ->). exists [u; apply f u].
    split; [now exists u|]. constructor; [apply eqv_refl|]. constructor; [now apply H |
        constructor]. }
  destruct (hull_tight _ f z y I G) as [A _].
  pose proof (linked_exact f z (apply f z) (eqv_refl _)) as B.
  apply eqv_by_nth; [now rewrite apply_length, LZ, LY|]. intros k Hk. rewrite LY in Hk.
  destruct f as [rows|mask|]; [|contradiction|].
  - simpl in Hk. destruct (nth_error rows k) as [row|] eqn:N;
      [|apply nth_error_None in N; lia]. now rewrite (A k row N), (B k row N).
  - now rewrite (A k), (B k).
Qed.

Lemma relu_step_by_nth : forall R z k mask y, length y = length z ->
  (forall j, (j < length z)%nat -> if nth j mask false then R (k + j)%nat (nth j z 0) (nth j y 0)
                                   else nth j y 0 == nth j z 0) -> relu_step R k mask z y.
Proof.
  intros R. induction z as [|a z IH]; intros k mask [|b y] L H; simpl in L; try discriminate;
    simpl; trivial. split.
  - specialize (H 0%nat ltac:(simpl; lia)). rewrite PeanoNat.Nat.add_0_r in H. now destruct mask.
  - apply IH; [congruence|]. intros j J. specialize (H (S j) ltac:(simpl; lia)).
    rewrite PeanoNat.Nat.add_succ_r in H. destruct mask as [|c mask]; simpl in *; [|exact H].
    now destruct j.
Qed.

Lemma relu_step_length : forall R z k mask y, relu_step R k mask z y -> length y = length z.
Proof.
  intros R. induction z as [|a z IH]; intros k mask [|b y] S; simpl in *; try contradiction;
    trivial. f_equal. now apply (IH (Datatypes.S k) (tl mask)).
Qed.

Lemma step_regular : forall R : set -> nat -> Q -> Q -> Prop, regular (fun D => step (R D)).
Proof.
  intros R n D f z y S I H. rewrite apply_length.
  destruct f as [rows|mask|]; simpl in H |- *.
  - now rewrite (eqv_length _ _ H), map_length.
  - now apply (relu_step_length (R D) z 0 mask).
  - now apply eqv_length.
Qed.

Definition convex_neuron (R : nat -> Q -> Q -> Prop) : Prop := forall j z y,
  conv (fun t => exists a b, R j a b /\ t = [[a; b]]) [[z; y]] -> R j z y.

Theorem step_convex : forall R : set -> nat -> Q -> Q -> Prop,
  (forall D, convex_neuron (R D)) -> convex_layer (fun D => step (R D)).
Proof.
  intros R N n D f z y S C.
  assert (E : (match f with ReLU _ => False | _ => True end) -> eqv y (apply f z)).
  { intros K. apply (exact_convex (fun D => step (R D)) n D); trivial; [apply step_regular|].
    intros u v _ V. destruct f; trivial. contradiction. }
  destruct f as [rows|mask|]; [now apply E | | now apply E]. clear E.
  destruct (pairs_sized _ n D _ z y (step_regular R) S C) as [LZ LY]. simpl in LY |- *.
  apply relu_step_by_nth; [congruence|]. intros j J. rewrite LZ in J. simpl plus.
  assert (M : forall u v, D u -> relu_step (R D) 0 mask u v ->
            if nth j mask false then R D j (nth j u 0) (nth j v 0)
            else nth j v 0 == nth j u 0).
  { intros u v U V. destruct (relu_step_nth _ _ _ _ _ V j) as [(A & _)|T]; [|exact T].
    rewrite (S u U) in A. lia. }
  destruct (nth j mask false).
  - apply N.
    apply (conv_linear (at_places [[(0, j); (1, j)]%nat]) _ _ [z; y] (linear_at_places _))
        with (2 := C).
    intros t (u & v & U & V & ->). exists (nth j u 0), (nth j v 0).
    split; [now apply M | reflexivity].
  - assert (A : amount [(1, (1, j)%nat); (-(1), (0, j)%nat)] [z; y] == 0).
    { apply (conv_equation _ _ _) with (2 := C). intros t (u & v & U & V & ->).
      cbn. unfold value_at. cbn. rewrite (M u v U V). ring. }
    cbn in A. unfold value_at in A. cbn in A. lra.
Qed.

Lemma triangle_neuron_convex : forall D, convex_neuron (triangle_neuron D).
Proof.
  intros D j z y. apply (conv_conv (neuron_graph D j)). intros t (a & b & T & ->). exact T.
Qed.

Lemma triangle_convex : convex_layer triangle_layer.
Proof. exact (step_convex triangle_neuron triangle_neuron_convex). Qed.

Lemma line_neuron_convex : forall m D, convex_neuron (line_neuron m D).
Proof.
  intros m D j z y C.
  assert (V : forall c d b, (forall z y, line_neuron m D j z y -> c * z + d * y <= b) ->
            c * z + d * y <= b).
  { intros c d b H.
    assert (A : amount [(c, (0, 0)%nat); (d, (0, 1)%nat)] [[z; y]] <= b).
    { apply (conv_amount _ _ _) with (2 := C). intros t (u & v & N & ->).
      specialize (H u v N). cbn. unfold value_at. cbn. lra. }
    cbn in A. unfold value_at in A. cbn in A. lra. }
  split.
  - intros l u B. repeat split; intros.
    + enough (-(1) * z + 1 * y <= 0) by lra. apply V. intros a b [N _].
      destruct (N l u B) as (N1 & _). specialize (N1 H). lra.
    + enough (0 * z + 1 * y <= 0) by lra. apply V. intros a b [N _].
      destruct (N l u B) as (_ & N2 & _). specialize (N2 H). lra.
    + enough (- u * z + (u - l) * y <= - (u * l)) by lra. apply V. intros a b [N _].
      destruct (N l u B) as (_ & _ & N3). specialize (N3 H H0). lra.
  - intros l u E. enough (slope m l u * z + -(1) * y <= 0) by lra. apply V. intros a b [_ N].
    specialize (N l u E). lra.
Qed.

Lemma line_convex : forall m, convex_layer (line_layer m).
Proof. intros m. exact (step_convex (line_neuron m) (line_neuron_convex m)). Qed.

Lemma hull_convex : convex_layer hull_layer.
Proof.
  intros n D f z y S. apply conv_conv. intros t (u & v & _ & V & ->). exact V.
Qed.

Lemma hull_regular : regular hull_layer.
Proof.
  intros n D f z y S I C. rewrite apply_length, (S z I).
  apply (conv_sized _ 1 (width f n)) with (2 := C). intros t (v & V & ->). cbn [nth].
  now rewrite apply_length, (S v V).
Qed.

Lemma at_places_pick : forall I J z y,
  at_places [map (pair 0%nat) I; map (pair 1%nat) J] [z; y] = [pick I z; pick J y].
Proof. intros. unfold at_places, pick. simpl. now rewrite !map_map. Qed.

Lemma pick_all : forall z, pick (seq 0 (length z)) z = z.
Proof.
  intros z. apply nth_ext with (d := 0) (d' := 0); unfold pick;
    rewrite map_length, seq_length; [reflexivity|].
  intros i I. rewrite nth_indep with (d' := nth 0 z 0) by now rewrite map_length, seq_length.
  rewrite (map_nth (fun j => nth j z 0)), seq_nth by assumption. reflexivity.
Qed.

Lemma krelu_convex : forall k, convex_layer (krelu_layer k).
Proof.
  intros k n D f z y S C. split.
  - apply (triangle_convex n); [assumption|]. revert C. apply conv_mono.
    intros t (u & v & U & [V _] & ->). now exists u, v.
  - destruct f as [|mask|]; trivial. intros member J EJ LE U.
    rewrite <- (at_places_pick J J). eapply conv_conv; [intros t T; exact T|].
    apply (conv_linear _ _ _ [z; y] (linear_at_places _)) with (2 := C).
    intros t (u & v & A & [_ V] & ->). rewrite at_places_pick. now apply (V member J).
Qed.

Lemma M_convex : forall k, convex_layer (M_layer k).
Proof.
  intros k n D f z y S C. split.
  - apply (triangle_convex n); [assumption|]. revert C. apply conv_mono.
    intros t (u & v & U & [V _] & ->). now exists u, v.
  - destruct f as [|mask|]; trivial. intros member J EJ LE.
    assert (LZ : length z = n).
    { apply (conv_sized _ 0 n) with (2 := C). intros t (u & v & U & _ & ->). now apply S. }
    rewrite <- (pick_all z), LZ, <- (at_places_pick (seq 0 n) J).
    eapply conv_conv; [intros t T; exact T|].
    apply (conv_linear _ _ _ [z; y] (linear_at_places _)) with (2 := C).
    intros t (u & v & A & [_ V] & ->). rewrite at_places_pick, <- (S u A), pick_all.
    now apply (V member J).
Qed.

Lemma triangle_regular : regular triangle_layer.
Proof. exact (step_regular triangle_neuron). Qed.

Lemma krelu_regular : forall k, regular (krelu_layer k).
Proof. intros k n D f z y S I [T _]. now apply (triangle_regular n D). Qed.

Lemma M_regular : forall k, regular (M_layer k).
Proof. intros k n D f z y S I [T _]. now apply (triangle_regular n D). Qed.

(** A combination is not below all that it combines. *)
Lemma conv_not_below : forall (S : trace -> Prop) f t, conv S t ->
  exists s, S s /\ amount f s <= amount f t.
Proof.
  intros S f t C. pose proof C as (ps & W & F & E).
  assert (G : exists s, S s /\ forall u, In u (map snd ps) -> amount f s <= amount f u).
  { pose proof (weights_not_nil ps W) as N. clear W E C. induction ps as [|p ps IH];
      [contradiction|]. inversion F as [|? ? P F']; subst. destruct ps as [|q ps].
    - exists (snd p). split; [assumption|]. intros u [<-|[]]. apply Qle_refl.
    - destruct IH as (s & I & H); [assumption | discriminate|].
      destruct (Qlt_le_dec (amount f (snd p)) (amount f s)) as [L|L].
      + exists (snd p). split; [assumption|]. intros u [<-|U]; [apply Qle_refl|].
        specialize (H u U). lra.
      + exists s. split; [assumption|]. intros u [<-|U]; [assumption | now apply H]. }
  destruct G as (s & I & H). exists s. split; [assumption|].
  assert (A : amount (map (fun cp => (- fst cp, snd cp)) f) t <= - amount f s).
  { assert (O : forall u, amount (map (fun cp => (- fst cp, snd cp)) f) u == - amount f u).
    { clear. intros u. induction f as [|[c p] f IH]; simpl; [ring|]. rewrite IH. ring. }
    apply (conv_amount (fun u => In u (map snd ps))).
    - intros u U. rewrite O. specialize (H u U). lra.
    - exists ps. split; [assumption|]. split; [|assumption]. now apply Forall_forall. }
  assert (O : amount (map (fun cp => (- fst cp, snd cp)) f) t == - amount f t).
  { clear. induction f as [|[c p] f IH]; simpl; [ring|]. rewrite IH. ring. }
  lra.
Qed.

Lemma box_convex : convex_layer box_layer.
Proof.
  intros n D f z y S C.
  assert (R : regular box_layer) by (intros k E g u v _ _ [L _]; exact L).
  destruct (pairs_sized _ n D f z y R S C) as [LZ LY].
  split; [now rewrite apply_length, LZ|]. intros j.
  destruct (conv_not_below _ [(1, (1, j)%nat)] _ C) as (s & (a & b & A & [_ B] & ->) & H).
  destruct (conv_not_below _ [(-(1), (1, j)%nat)] _ C) as (s & (a' & b' & A' & [_ B'] & ->) &
      H').
  destruct (B j) as (u & _ & U & _ & L & _), (B' j) as (_ & w & _ & W & _ & L').
  exists u, w. split; [assumption|]. split; [assumption|].
  cbn in H, H'. unfold value_at in H, H'. cbn in H, H'. split; lra.
Qed.

Lemma box_regular : regular box_layer.
Proof. intros n D f z y _ _ [L _]. exact L. Qed.
