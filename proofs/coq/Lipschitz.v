(** * What networks of Lipschitz layers miss

    Layers whose rows have 1-norm at most 1, and activations that are 1-Lipschitz: for pairs
    [p, q] of inputs with weights [mu], no neuron's [sum mu |h(p) - h(q)|] is more than the
    greatest one of an input.  A function for which it is more differs from all such
    networks, however deep and wide they are.  Neurons that read [k] values, such as the two of
    MaxMin, may change by as much as these do together; then the product of the greatest [k] of
    each layer, the fan of the network, is how much more than the inputs' it may be.  *)

From Coq Require Import QArith Qabs Qminmax List Lqa Lia Bool.
From Polyrelax Require Import Network Relaxation Layered Hulls.
Import ListNotations.
Open Scope Q_scope.

(** ** The networks *)

Definition norm_1 (a : vec) : Q := fold_right (fun c n => Qabs c + n) 0 a.

Definition contracts (s : Q -> Q) : Prop := forall a b, Qabs (s a - s b) <= Qabs (a - b).

(** The distances of the coordinates of two vectors, together. *)
Fixpoint together (a b : vec) : Q :=
  match a, b with x :: a', y :: b' => Qabs (x - y) + together a' b' | _, _ => 0 end.

(** A neuron that reads some coordinates. *)
Definition neuron := (list nat * (vec -> Q))%type.

Definition shrinks (n : neuron) : Prop := forall a b,
  length a = length (fst n) -> length b = length (fst n) ->
  Qabs (snd n a - snd n b) <= together a b.

(** A layer with its activations, one for each coordinate, or with neurons of several. *)
Inductive free_layer :=
| Weights (rows : list (vec * Q))
| Activations (s : nat -> Q -> Q)
| Neurons (l : list neuron).

Definition lipschitz_layer (f : free_layer) : Prop :=
  match f with
  | Weights rows => Forall (fun row => norm_1 (fst row) <= 1) rows
  | Activations s => forall j, contracts (s j)
  | Neurons l => Forall shrinks l
  end.

Definition most_read (l : list neuron) : nat :=
  fold_right (fun n => Nat.max (length (fst n))) 1%nat l.

Definition fan_of (f : free_layer) : Q :=
  match f with Neurons l => inject_Z (Z.of_nat (most_read l)) | _ => 1 end.

Definition fan (g : list free_layer) : Q := fold_right (fun f n => n * fan_of f) 1 g.

Fixpoint activated (s : nat -> Q -> Q) (j : nat) (z : vec) : vec :=
  match z with [] => [] | a :: z' => s j a :: activated s (S j) z' end.

Definition picked (l : list nat) (z : vec) : vec := map (fun j => nth j z 0) l.

Definition free_apply (f : free_layer) (z : vec) : vec :=
  match f with
  | Weights rows => map (fun row => dot (fst row) z + snd row) rows
  | Activations s => activated s 0 z
  | Neurons l => map (fun n : neuron => snd n (picked (fst n) z)) l
  end.

Definition free_eval (g : list free_layer) (x : vec) : vec := fold_left (fun z f =>
    free_apply f z) g x.

(** Each such network of a fan, at each of its outputs, differs by [b] or more at some input. *)
Definition missed (X : set) (net : network) (F : Q) (f : form) (b : Q) : Prop :=
  forall g k, Forall lipschitz_layer g -> fan g <= F -> exists x, X x
  /\ b <= Qabs (amount f (run net x) - nth k (free_eval g x) 0).

(** ** Evidence *)

Definition pairs_of_points := list (Q * (trace * trace)).

Definition spread_of (l : pairs_of_points) (h : trace -> Q) : Q :=
  total (fun p => fst p * Qabs (h (fst (snd p)) - h (snd (snd p)))) l.

Definition shows_missed (n : nat) (l : pairs_of_points) (F : Q) (f : form) (b : Q) : bool :=
  let rest := spread_of l (amount f) - (b + b) in
  forallb (fun p => Qle_bool 0 (fst p)) l && Qeq_bool (total fst l) 1 && Qle_bool 0 rest
  && Qle_bool 1 F
  && forallb (fun j => Qle_bool (spread_of l (fun t => nth j (hd [] t) 0) * F) rest) (seq 0 n).

(** ** No neuron spreads more than the inputs *)

Lemma total_le : forall A (f g : A -> Q) l, (forall a, In a l -> f a <= g a) ->
  total f l <= total g l.
Proof.
  intros A f g. induction l as [|a l IH]; intros H; simpl; [apply Qle_refl|].
  apply Qplus_le_compat; [apply H; now left | apply IH; intros b I; apply H; now right].
Qed.

Lemma total_plus : forall A (f g : A -> Q) l,
  total (fun a => f a + g a) l == total f l + total g l.
Proof. intros A f g. induction l as [|a l IH]; simpl; [ring | rewrite IH; ring]. Qed.

Section Spread.

Variable l : pairs_of_points.
Hypothesis weights : forall p, In p l -> 0 <= fst p.

Definition ends (t : trace) : Prop := exists p, In p l /\ (t = fst (snd p) \/ t = snd (snd p)).

Lemma spread_le : forall (h h' : trace -> Q),
  (forall p, In p l -> Qabs (h (fst (snd p)) - h (snd (snd p)))
                       <= Qabs (h' (fst (snd p)) - h' (snd (snd p)))) ->
  spread_of l h <= spread_of l h'.
Proof.
  intros h h' H. apply total_le. intros p I. specialize (H p I). specialize (weights p I).
  rewrite !(Qmult_comm (fst p)). now apply Qmult_le_compat_r.
Qed.

Lemma spread_sum : forall c h h', spread_of l (fun t => c * h t + h' t)
  <= Qabs c * spread_of l h + spread_of l h'.
Proof.
  intros c h h'. unfold spread_of.
  rewrite (Qmult_comm (Qabs c)), <- total_scale.
  rewrite <- total_plus. apply total_le. intros p I. specialize (weights p I).
  set (a := h (fst (snd p))). set (b := h (snd (snd p))).
  set (a' := h' (fst (snd p))). set (b' := h' (snd (snd p))).
  assert (T : Qabs (c * a + a' - (c * b + b')) <= Qabs c * Qabs (a - b) + Qabs (a' - b')).
  { rewrite <- Qabs_Qmult. setoid_replace (c * a + a' - (c * b + b'))
      with (c * (a - b) + (a' - b')) by ring. apply Qabs_triangle. }
  setoid_replace (fst p * Qabs (a - b) * Qabs c + fst p * Qabs (a' - b'))
    with ((Qabs c * Qabs (a - b) + Qabs (a' - b')) * fst p) by ring.
  rewrite Qmult_comm. now apply Qmult_le_compat_r.
Qed.

Lemma spread_ext : forall h h', (forall t, h t == h' t) -> spread_of l h == spread_of l h'.
Proof. intros h h' H. apply total_ext. intros p _. now rewrite !H. Qed.

Lemma spread_constant : forall c, spread_of l (fun _ => c) == 0.
Proof.
  intros c. unfold spread_of. rewrite (total_ext _ _ (fun _ => 0)).
  - enough (G : forall k : pairs_of_points, total (fun _ => 0) k == 0) by apply G.
    induction k as [|p k IH]; simpl; [reflexivity | rewrite IH; ring].
  - intros p _. setoid_replace (c - c) with 0 by ring. change (Qabs 0) with 0. ring.
Qed.

Section Layers.

Variable M : Q.
Hypothesis M_nonneg : 0 <= M.

Lemma spread_dot : forall a (z : trace -> vec),
  (forall j, spread_of l (fun t => nth j (z t) 0) <= M) ->
  spread_of l (fun t => dot a (z t)) <= norm_1 a * M.
Proof.
  induction a as [|c a IH]; intros z H.
  - assert (Z : spread_of l (fun t => dot [] (z t)) == 0) by exact (spread_constant 0).
    rewrite Z. simpl. lra.
  - assert (E : forall t, dot (c :: a) (z t) == c * nth 0 (z t) 0 + dot a (tl (z t))).
    { intros t. destruct (z t) as [|y v]; simpl; [|reflexivity]. destruct a; simpl; ring. }
    rewrite (spread_ext _ _ E). eapply Qle_trans; [apply spread_sum|].
    assert (T : spread_of l (fun t => dot a (tl (z t))) <= norm_1 a * M).
    { apply IH. intros j. rewrite (spread_ext _ (fun t => nth (S j) (z t) 0)); [apply H|].
      intros t. destruct (z t); simpl; [now destruct j | reflexivity]. }
    simpl norm_1. pose proof (Qabs_nonneg c). specialize (H 0%nat).
    set (s := spread_of l (fun t => nth 0 (z t) 0)) in *.
    assert (Qabs c * s <= Qabs c * M) by (rewrite !(Qmult_comm (Qabs c));
      now apply Qmult_le_compat_r). lra.
Qed.

Lemma activated_length : forall s z j, length (activated s j z) = length z.
Proof. intros s. induction z as [|a z IH]; intros j; simpl; [reflexivity | now rewrite IH]. Qed.

Lemma nth_activated : forall s z j i, (i < length z)%nat ->
  nth i (activated s j z) 0 = s (j + i)%nat (nth i z 0).
Proof.
  intros s. induction z as [|a z IH]; intros j [|i] I; simpl in *; try lia.
  - now rewrite PeanoNat.Nat.add_0_r.
  - rewrite IH by lia. now rewrite PeanoNat.Nat.add_succ_r.
Qed.

Lemma spread_together : forall js (z : trace -> vec),
  (forall j, spread_of l (fun t => nth j (z t) 0) <= M) ->
  total (fun p => fst p * together (picked js (z (fst (snd p)))) (picked js (z (snd (snd p))))) l
  <= inject_Z (Z.of_nat (length js)) * M.
Proof.
  intros js z H. induction js as [|j js IH]; cbn [picked map together length].
  - change (inject_Z (Z.of_nat 0)) with 0. rewrite (total_ext _ _ (fun _ => 0)).
    + pose proof (spread_constant 0) as C. unfold spread_of in C.
      rewrite (total_ext _ _ (fun _ => 0)) in C; [lra|]. intros p _.
      change (Qabs (0 - 0)) with 0. ring.
    + intros p _. ring.
  - fold (picked js). rewrite (total_ext _ _ (fun p =>
      fst p * Qabs (nth j (z (fst (snd p))) 0 - nth j (z (snd (snd p))) 0)
      + fst p * together (picked js (z (fst (snd p)))) (picked js (z (snd (snd p))))));
      [|intros p _; unfold picked; ring].
    rewrite total_plus. specialize (H j). unfold spread_of in H.
    rewrite Nat2Z.inj_succ. unfold Z.succ. rewrite inject_Z_plus. change (inject_Z 1) with 1.
    lra.
Qed.

Lemma neuron_spread : forall n (z : trace -> vec), shrinks n ->
  (forall j, spread_of l (fun t => nth j (z t) 0) <= M) ->
  spread_of l (fun t => snd n (picked (fst n) (z t)))
  <= inject_Z (Z.of_nat (length (fst n))) * M.
Proof.
  intros n z S H. eapply Qle_trans; [|exact (spread_together (fst n) z H)].
  apply total_le. intros p I. specialize (weights p I). rewrite !(Qmult_comm (fst p)).
  apply Qmult_le_compat_r; [|assumption]. apply S; apply map_length.
Qed.

Lemma read_most : forall n k, In n k -> (length (fst n) <= most_read k)%nat.
Proof.
  intros n. induction k as [|m k IH]; intros []; subst; cbn [most_read fold_right].
  - apply PeanoNat.Nat.le_max_l.
  - etransitivity; [now apply IH|]. apply PeanoNat.Nat.le_max_r.
Qed.

Lemma some_read : forall k, (1 <= most_read k)%nat.
Proof.
  induction k as [|m k IH]; [apply le_n|]. etransitivity; [exact IH|].
  apply PeanoNat.Nat.le_max_r.
Qed.

Lemma fan_of_some : forall f, 1 <= fan_of f.
Proof.
  intros [rows|s|k]; try apply Qle_refl. cbn [fan_of]. change 1 with (inject_Z 1).
  rewrite <- Zle_Qle.
  pose proof (some_read k). lia.
Qed.

Lemma layer_spread : forall f (z : trace -> vec) k, lipschitz_layer f ->
  (forall t, ends t -> length (z t) = k) ->
  (forall j, spread_of l (fun t => nth j (z t) 0) <= M) ->
  (exists k', forall t, ends t -> length (free_apply f (z t)) = k')
  /\ forall j, spread_of l (fun t => nth j (free_apply f (z t)) 0) <= fan_of f * M.
Proof.
  intros [rows|s|neurons] z k F L H; cbn [free_apply fan_of lipschitz_layer] in *.
  - split; [exists (length rows); intros; apply map_length|]. intros j.
    rewrite Qmult_1_l. destruct (nth_error rows j) as [row|] eqn:N.
    + assert (E : forall t, nth j (map (fun row => dot (fst row) (z t) + snd row) rows) 0
                == 1 * dot (fst row) (z t) + snd row).
      { intros t. rewrite (nth_error_nth _ _ (x := dot (fst row) (z t) + snd row));
          [ring | now rewrite nth_error_map, N]. }
      rewrite (spread_ext _ _ E). eapply Qle_trans; [apply spread_sum|].
      rewrite spread_constant. pose proof (spread_dot (fst row) z H) as D.
      apply nth_error_In in N. rewrite Forall_forall in F. specialize (F row N).
      change (Qabs 1) with 1.
      assert (norm_1 (fst row) * M <= 1 * M) by now apply Qmult_le_compat_r. lra.
    + assert (E : forall t, nth j (map (fun row => dot (fst row) (z t) + snd row) rows) 0 == 0).
      { intros t. rewrite nth_overflow; [reflexivity|]. rewrite map_length.
        now apply nth_error_None. }
      rewrite (spread_ext _ _ E), spread_constant. exact M_nonneg.
  - split; [exists k; intros t T; rewrite activated_length; now apply L|]. intros j.
    rewrite Qmult_1_l. eapply Qle_trans; [|exact (H j)]. apply spread_le. intros p I.
    assert (L1 : length (z (fst (snd p))) = k) by (apply L; exists p; auto).
    assert (L2 : length (z (snd (snd p))) = k) by (apply L; exists p; auto).
    destruct (Compare_dec.lt_dec j k) as [J|J].
    + rewrite !nth_activated by lia. apply F.
    + rewrite !nth_overflow by (rewrite ?activated_length; lia). apply Qle_refl.
  - split; [exists (length neurons); intros; apply map_length|]. intros j.
    destruct (nth_error neurons j) as [n|] eqn:N.
    + assert (E : forall t, nth j (map (fun n : neuron => snd n (picked (fst n) (z t))) neurons) 0
                == snd n (picked (fst n) (z t))).
      { intros t. rewrite (nth_error_nth _ _ (x := snd n (picked (fst n) (z t))));
          [reflexivity | now rewrite nth_error_map, N]. }
      rewrite (spread_ext _ _ E).
      apply nth_error_In in N. rewrite Forall_forall in F.
      eapply Qle_trans; [apply (neuron_spread n z); [now apply F | exact H]|].
      apply Qmult_le_compat_r; [|exact M_nonneg]. rewrite <- Zle_Qle.
      pose proof (read_most n neurons N). lia.
    + assert (E : forall t, nth j (map (fun n : neuron => snd n (picked (fst n) (z t))) neurons) 0 == 0).
      { intros t. rewrite nth_overflow; [reflexivity|]. rewrite map_length.
        now apply nth_error_None. }
      rewrite (spread_ext _ _ E), spread_constant. pose proof (fan_of_some (Neurons neurons)).
      cbn [fan_of] in *. apply Qmult_le_0_compat; [lra | exact M_nonneg].
Qed.

End Layers.

Lemma network_spread : forall g M (z : trace -> vec) k, 0 <= M -> Forall lipschitz_layer g ->
  (forall t, ends t -> length (z t) = k) ->
  (forall j, spread_of l (fun t => nth j (z t) 0) <= M) ->
  forall j, spread_of l (fun t => nth j (free_eval g (z t)) 0) <= fan g * M.
Proof.
  induction g as [|f g IH]; intros M z k P F L H j.
  - cbn [fan fold_right]. rewrite Qmult_1_l. apply H.
  - inversion F as [|? ? F1 F2]; subst. cbn [fan fold_right]. fold (fan g).
    destruct (layer_spread M P f z k F1 L H) as ((k' & L') & H').
    rewrite <- Qmult_assoc.
    apply (IH (fan_of f * M) (fun t => free_apply f (z t)) k'); trivial.
    pose proof (fan_of_some f). apply Qmult_le_0_compat; [lra | exact P].
Qed.

(** A difference of less than [b] at all points leaves the spreads within [2 b]. *)
Lemma close_spread : forall h h' b, total fst l == 1 ->
  (forall t, ends t -> Qabs (h t - h' t) < b) -> spread_of l h < spread_of l h' + (b + b).
Proof.
  intros h h' b W C.
  assert (P : exists p, In p l /\ 0 < fst p).
  { clear C. assert (G : 0 < total fst l) by (rewrite W; reflexivity). clear W.
    induction l as [|p l' IH]; simpl in G; [lra|].
    destruct (Qlt_le_dec 0 (fst p)) as [Q|Q]; [exists p; split; [now left | assumption]|].
    destruct IH as (q & I & J); [intros; apply weights; now right | lra|].
    exists q. split; [now right | assumption]. }
  destruct P as (p & I & W0).
  assert (D : forall q, In q l -> Qabs (h (fst (snd q)) - h (snd (snd q)))
            < Qabs (h' (fst (snd q)) - h' (snd (snd q))) + (b + b)).
  { intros q J. pose proof (C (fst (snd q)) ltac:(exists q; auto)) as C1.
    pose proof (C (snd (snd q)) ltac:(exists q; auto)) as C2.
    rewrite Qabs_Qminus in C2.
    set (u := h (fst (snd q))) in *. set (v := h (snd (snd q))) in *.
    set (u' := h' (fst (snd q))) in *. set (v' := h' (snd (snd q))) in *.
    assert (T : Qabs (u - v) <= Qabs (u - u') + (Qabs (u' - v') + Qabs (v' - v))).
    { setoid_replace (u - v) with ((u - u') + ((u' - v') + (v' - v))) by ring.
      eapply Qle_trans; [apply Qabs_triangle|]. apply Qplus_le_compat; [apply Qle_refl|].
      apply Qabs_triangle. }
    lra. }
  assert (G : 0 < total (fun q => fst q * (Qabs (h' (fst (snd q)) - h' (snd (snd q))) + (b + b))
                                  - fst q * Qabs (h (fst (snd q)) - h (snd (snd q)))) l).
  { apply (total_positive _ _ _ p); trivial.
    - intros q J. specialize (D q J). specialize (weights q J). nra.
    - specialize (D p I). nra. }
  rewrite total_minus in G. fold (spread_of l h) in G.
  assert (E : total (fun q => fst q * (Qabs (h' (fst (snd q)) - h' (snd (snd q))) + (b + b))) l
              == spread_of l h' + (b + b)).
  { setoid_replace (spread_of l h' + (b + b)) with (spread_of l h' + total fst l * (b + b))
      by (rewrite W; ring). unfold spread_of. rewrite <- total_scale, <- total_plus.
    apply total_ext. intros q _. ring. }
  rewrite E in G. lra.
Qed.

End Spread.

Lemma some_far : forall (b : Q) (d : trace -> Q) l,
  (exists t, ends l t /\ b <= d t) \/ (forall t, ends l t -> d t < b).
Proof.
  intros b d. induction l as [|p l IH].
  - right. intros t (p & [] & _).
  - destruct IH as [(t & (q & I & E) & L)|A].
    { left. exists t. split; [exists q; split; [now right | assumption] | assumption]. }
    destruct (Qlt_le_dec (d (fst (snd p))) b) as [L1|L1].
    + destruct (Qlt_le_dec (d (snd (snd p))) b) as [L2|L2].
      * right. intros t (q & [<-|I] & E); [now destruct E as [-> | ->] | apply A; now exists q].
      * left. exists (snd (snd p)). split; [exists p; split; [now left | now right] |
          assumption].
    + left. exists (fst (snd p)). split; [exists p; split; [now left | now left] | assumption].
Qed.

Theorem shows_missed_sound : forall (X : polytope) net l F f b,
  (forall t, ends l t -> runs net (inside X) t) -> shows_missed (dimension X) l F f b = true ->
  missed (inside X) net F f b.
Proof.
  intros X net l F f b R E g k G F'. unfold shows_missed in E. cbv zeta in E.
  set (rest := spread_of l (amount f) - (b + b)) in *.
  repeat (apply andb_prop in E as [E ?]). rewrite forallb_forall in E, H.
  apply Qle_bool_iff in H0. apply Qle_bool_iff in H1. apply Qeq_bool_eq in H2.
  assert (P : 0 < F) by lra. set (M := rest / F).
  assert (M0 : 0 <= M) by (apply Qle_shift_div_l; lra).
  assert (FM : fan g * M <= rest).
  { setoid_replace rest with (F * M) by (unfold M; field; lra).
    now apply Qmult_le_compat_r. }
  assert (W : forall p, In p l -> 0 <= fst p) by (intros p I; now apply Qle_bool_iff, E).
  assert (L : forall t, ends l t -> length (hd [] t) = dimension X).
  { intros t T. destruct (R t T) as (x & [D _] & ->). now destruct net. }
  assert (S : forall j, spread_of l (fun t => nth j (hd [] t) 0) <= M).
  { intros j. destruct (Compare_dec.lt_dec j (dimension X)) as [J|J].
    - apply Qle_shift_div_l; [exact P|]. apply Qle_bool_iff, H, in_seq. lia.
    - apply (Qle_trans _ (spread_of l (fun _ => 0))).
      + apply spread_le; [exact W|]. intros p I.
        rewrite !nth_overflow; [apply Qle_refl | |];
          (rewrite L; [lia|]; exists p; auto).
      + now rewrite spread_constant. }
  pose proof (network_spread l W g M (hd []) _ M0 G L S k) as B.
  destruct (some_far b (fun t => Qabs (amount f t - nth k (free_eval g (hd [] t)) 0)) l)
    as [(t & T & D)|A].
  - destruct (R t T) as (x & I & Q). exists x. split; [assumption|].
    assert (Hx : hd [] t = x) by (rewrite Q; now destruct net). rewrite Hx in D.
    rewrite <- Q. exact D.
  - exfalso. pose proof (close_spread l W (amount f)
      (fun t => nth k (free_eval g (hd [] t)) 0) b H2 A) as C. unfold rest in *. lra.
Qed.

(** ** MaxMin *)

Definition larger (a : vec) : Q := Qmax (nth 0 a 0) (nth 1 a 0).
Definition lesser (a : vec) : Q := Qmin (nth 0 a 0) (nth 1 a 0).

(** The greater and the lesser of two coordinates. *)
Definition max_min (i j : nat) : list neuron := [([i; j], larger); ([i; j], lesser)].

Lemma max_min_shrinks : forall i j, Forall shrinks (max_min i j).
Proof.
  intros i j. repeat constructor; intros [|a [|b []]] [|c [|d []]] A B; try discriminate;
    cbn [snd together]; unfold larger, lesser; cbn [nth]; apply Qabs_Qle_condition;
    pose proof (Qle_Qabs (a - c)); pose proof (Qle_Qabs (b - d));
    pose proof (Qle_Qabs (-(a - c))) as L; pose proof (Qle_Qabs (-(b - d))) as L';
    rewrite Qabs_opp in L, L'.
  - destruct (Q.max_spec a b) as [[? ?]|[? ?]], (Q.max_spec c d) as [[? ?]|[? ?]]; lra.
  - destruct (Q.min_spec a b) as [[? ?]|[? ?]], (Q.min_spec c d) as [[? ?]|[? ?]]; lra.
Qed.

(** Each layer of MaxMin doubles the fan. *)
Lemma max_min_fan : forall pairs, (0 < length pairs)%nat ->
  fan_of (Neurons (flat_map (fun p => max_min (fst p) (snd p)) pairs)) == 2.
Proof.
  intros pairs H. change 2 with (inject_Z (Z.of_nat 2)). cbn [fan_of].
  enough (E : most_read (flat_map (fun p => max_min (fst p) (snd p)) pairs) = 2%nat)
    by now rewrite E.
  destruct pairs as [|p pairs]; [simpl in H; lia|]. clear H. cbn [flat_map max_min app].
  cbn [most_read fold_right fst length]. fold most_read.
  enough (E : (most_read (flat_map (fun p => max_min (fst p) (snd p)) pairs) <= 2)%nat)
    by (unfold most_read in E; lia).
  induction pairs as [|q pairs IH]; [apply le_S, le_n|].
  cbn [flat_map max_min app most_read fold_right fst length]. unfold most_read in IH. lia.
Qed.
