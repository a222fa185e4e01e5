(** * [P r] and the layered hulls

    [P r] is at most as loose as the relaxation by the hull of each layer, which is [P 1].
    Each window is in the hull of the runs of its layers from values that reach it. *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Relaxation Attained Lemma41 Layered.
Import ListNotations.
Open Scope Q_scope.

(** ** Hulls of hulls *)

Lemma add_vec_assoc : forall u v w, eqv (add_vec u (add_vec v w)) (add_vec (add_vec u v) w).
Proof.
  induction u as [|a u IH]; intros [|b v] [|c w]; simpl; try apply eqv_refl.
  constructor; [ring | apply IH].
Qed.

Lemma add_trace_assoc : forall s t u,
  eqt (add_trace s (add_trace t u)) (add_trace (add_trace s t) u).
Proof.
  induction s as [|v s IH]; intros [|w t] [|z u]; simpl; try apply eqt_refl.
  constructor; [apply add_vec_assoc | apply IH].
Qed.

Lemma add_trace_compat : forall s s' t t', eqt s s' -> eqt t t' ->
  eqt (add_trace s t) (add_trace s' t').
Proof.
  intros s s' t t' E. revert t t'. induction E as [|u u' s s' U E IH]; intros t t' F; simpl;
    [assumption|].
  inversion_clear F as [|? ? ? ? V G]; constructor; try assumption.
  - now apply add_vec_compat.
  - now apply IH.
Qed.

Lemma combination_app : forall ps qs,
  eqt (combination (ps ++ qs)) (add_trace (combination ps) (combination qs)).
Proof.
  induction ps as [|p ps IH]; intros qs; simpl; [apply eqt_refl|].
  apply (eqt_trans _ (add_trace (scale_trace (fst p) (snd p))
                        (add_trace (combination ps) (combination qs)))).
  - apply add_trace_compat; [apply eqt_refl | apply IH].
  - apply add_trace_assoc.
Qed.

Lemma scale_trace_compat : forall w s t, eqt s t -> eqt (scale_trace w s) (scale_trace w t).
Proof.
  intros w s t E. induction E as [|u v s t U E IH]; simpl; constructor; [|assumption].
  clear IH E. induction U; simpl; constructor; [now rewrite H | assumption].
Qed.

Lemma scale_trace_add : forall w s t,
  eqt (scale_trace w (add_trace s t)) (add_trace (scale_trace w s) (scale_trace w t)).
Proof.
  intros w. induction s as [|u s IH]; intros [|v t]; simpl; try apply eqt_refl.
  constructor; [|apply IH]. clear IH. revert v.
  induction u as [|a u IH]; intros [|b v]; simpl; try apply eqv_refl.
  constructor; [ring | apply IH].
Qed.

Lemma scale_trace_mult : forall w w' t,
  eqt (scale_trace w (scale_trace w' t)) (scale_trace (w * w') t).
Proof.
  intros w w'. induction t as [|v t IH]; simpl; constructor; [|assumption]. clear IH.
  induction v; simpl; constructor; [ring | assumption].
Qed.

Lemma scale_combination : forall w ps, eqt (scale_trace w (combination ps))
  (combination (map (fun p => (w * fst p, snd p)) ps)).
Proof.
  intros w. induction ps as [|p ps IH]; simpl; [constructor|].
  eapply eqt_trans; [apply scale_trace_add|].
  apply add_trace_compat; [apply scale_trace_mult | exact IH].
Qed.

Lemma sum_app : forall u v, sum (u ++ v) == sum u + sum v.
Proof. unfold sum. induction u; intros; simpl; [ring|]. rewrite IHu. ring. Qed.

Lemma conv_conv : forall (S S' : trace -> Prop), (forall t, S' t -> conv S t) ->
  forall t, conv S' t -> conv S t.
Proof.
  intros S S' H t (ps & [N W] & F & E).
  enough (G : exists qs, Forall (Qle 0) (map fst qs) /\ sum (map fst qs) == sum (map fst ps)
              /\ Forall S (map snd qs) /\ eqt (combination ps) (combination qs)).
  { destruct G as (qs & N' & W' & F' & E'). exists qs. split; [|split].
    - split; [assumption | now rewrite W'].
    - assumption.
    - exact (eqt_trans _ _ _ E E'). }
  clear W E. induction ps as [|[w s] ps IH]; simpl in *.
  - exists []. repeat split; constructor.
  - inversion N as [|? ? N1 N2]; subst. inversion F as [|? ? F1 F2]; subst.
    destruct (IH N2 F2) as (qs & A & B & C & D).
    destruct (H s F1) as (rs & [A' B'] & C' & D').
    exists (map (fun p => (w * fst p, snd p)) rs ++ qs). rewrite !map_app, !map_map.
    cbn [fst snd]. repeat split.
    + apply Forall_app. split; [|assumption]. rewrite Forall_map in A'. apply Forall_map.
      eapply Forall_impl; [|exact A']. simpl. intros p L. now apply Qmult_le_0_compat.
    + rewrite sum_app, B. unfold sum at 3. simpl.
      enough (T : sum (map (fun p : Q * trace => w * fst p) rs) == w * sum (map fst rs))
        by (rewrite T, B'; unfold sum; ring).
      clear. unfold sum. induction rs as [|r rs IH]; simpl; [ring|]. rewrite IH. ring.
    + apply Forall_app. split; [|assumption]. exact C'.
    + eapply eqt_trans; [|apply eqt_sym, combination_app].
      apply add_trace_compat; [|assumption].
      eapply eqt_trans; [apply scale_trace_compat; exact D' | apply scale_combination].
Qed.

(** ** Combinations of images *)

Lemma conv_images : forall (X : set) (g : vec -> trace) t,
  conv (fun t => exists x, X x /\ t = g x) t -> exists ws us, convex_weights ws
  /\ length ws = length us /\ us <> [] /\ Forall X us
  /\ eqt t (combination (combine ws (map g us))).
Proof.
  intros X g t (ps & W & F & E).
  enough (G : exists us, length ps = length us /\ Forall X us
              /\ ps = combine (map fst ps) (map g us)).
  { destruct G as (us & L & I & C). exists (map fst ps), us. rewrite map_length, <- C.
    repeat split; try apply W; trivial. intros ->. destruct ps; [|discriminate].
    destruct W as [_ W]. unfold sum in W. simpl in W. lra. }
  clear W E. induction ps as [|[w s] ps IH]; simpl in *.
  - exists []. repeat split. constructor.
  - inversion F as [|? ? (u & I & ->) F']; subst. destruct (IH F') as (us & L & J & C).
    exists (u :: us). simpl. repeat split; [now f_equal | now constructor | now f_equal].
Qed.

Lemma images_conv : forall (X : set) (g : vec -> trace) t ws us, convex_weights ws ->
  length ws = length us -> Forall X us -> eqt t (combination (combine ws (map g us))) ->
  conv (fun t => exists x, X x /\ t = g x) t.
Proof.
  intros X g t ws us W L F E. exists (combine ws (map g us)).
  assert (A : map fst (combine ws (map g us)) = ws).
  { clear -L. revert us L. induction ws; intros [|u us] L; simpl in *; try discriminate;
      trivial. f_equal. apply IHws. congruence. }
  rewrite A. repeat split; try apply W; [|assumption].
  apply combine_map_snd, Forall_map. eapply Forall_impl; [|exact F]. intros u I. now exists u.
Qed.

Lemma singles : forall ws us, length ws = length us -> us <> [] ->
  combination (combine ws (map (fun u => [u]) us)) = [mix ws us].
Proof. exact mixed_runs_nil. Qed.

Definition convex_set (X : set) : Prop :=
  forall t, conv (runs [] X) t -> exists x, t = [x] /\ X x.

Lemma convex_mix : forall X ws us z, convex_set X -> convex_weights ws ->
  length ws = length us -> us <> [] -> Forall X us -> eqv z (mix ws us) -> X z.
Proof.
  intros X ws us z C W L N F E. destruct (C [z]) as (x & G & I).
  - apply (images_conv X (run []) [z] ws us); trivial.
    change (run []) with (fun u : vec => [u]). rewrite singles by assumption.
    now repeat constructor.
  - now injection G as ->.
Qed.

Lemma hull_behind_convex : forall f X, convex_set (hull_behind f X).
Proof.
  intros f X t C. pose proof C as C'. apply conv_images in C' as (ws & us & _ & L & N & _ & E).
  change (run []) with (fun u : vec => [u]) in E. rewrite singles in E by assumption.
  destruct t as [|y [|y' t]]; inversion E as [|? ? ? ? E1 E2]; subst;
    [|inversion E2]. exists y. split; [reflexivity|]. unfold hull_behind.
  apply (conv_conv _ (runs [] (hull_behind f X))); [|assumption].
  intros s (x & I & ->). exact I.
Qed.

Lemma hull_behind_is_behind : forall f X y, convex_set X ->
  hull_behind f X y -> behind hull_layer f X y.
Proof.
  intros f X y C H. apply conv_images in H as (ws & us & W & L & N & F & E).
  exists (mix ws us). split.
  - apply (convex_mix X ws us); trivial. apply eqv_refl.
  - apply (images_conv X (fun u => [u; apply f u]) _ ws us); trivial.
    rewrite (combination_cons (fun u => [apply f u])) by assumption.
    constructor; [apply eqv_refl | exact E].
Qed.

Lemma behind_is_hull_behind : forall f X y, behind hull_layer f X y -> hull_behind f X y.
Proof.
  intros f X y (z & _ & H). apply conv_images in H as (ws & us & W & L & N & F & E).
  rewrite (combination_cons (fun u => [apply f u])) in E by assumption.
  inversion E as [|? ? ? ? _ E']; subst.
  now apply (images_conv X (fun u => [apply f u]) _ ws us).
Qed.

Lemma length_add_vec : forall u v, length u = length v -> length (add_vec u v) = length v.
Proof.
  induction u as [|a u IH]; intros [|b v] E; simpl in *; try discriminate; trivial.
  f_equal. apply IH. congruence.
Qed.

Lemma polytope_convex : forall X, convex_set (inside X).
Proof.
  intros X t C. pose proof C as C'. apply conv_images in C' as (ws & us & W & L & N & F & E).
  change (run []) with (fun u : vec => [u]) in E. rewrite singles in E by assumption.
  destruct t as [|y [|y' t]]; inversion E as [|? ? ? ? E1 E2]; subst;
    [|inversion E2]. exists y. split; [reflexivity|]. split.
  - assert (G : length y = length (mix ws us)) by (clear -E1; induction E1; simpl; congruence).
    rewrite G. clear - L N F. revert us L N F.
    induction ws as [|w ws IH]; intros [|u us] L N F; simpl in *; try discriminate;
      [contradiction|].
    inversion F as [|? ? [D _] F']; subst. destruct us as [|u' us].
    + destruct ws; [|discriminate]. simpl. rewrite add_vec_nil, map_length. exact D.
    + assert (G : length (mix ws (u' :: us)) = dimension X)
        by (apply IH; [congruence | discriminate | assumption]).
      change (length (add_vec (map (Qmult w) u) (mix ws (u' :: us))) = dimension X).
      rewrite length_add_vec; [assumption|]. now rewrite map_length, D, G.
  - apply Forall_forall. intros r R.
    assert (A : amount (dot_form 0 0 (fst r)) [y] <= snd r).
    { apply (conv_amount _ _ _) with (2 := C). intros s (x & [_ I] & ->).
      rewrite amount_dot_form. cbn [skipn nth run]. rewrite Forall_forall in I. now apply I. }
    rewrite amount_dot_form in A. exact A.
Qed.

(** ** [P r] is layered *)

Lemma hull_layer_mono : forall (D D' : set) f z y, (forall v, D v -> D' v) ->
  hull_layer D f z y -> hull_layer D' f z y.
Proof.
  intros D D' f z y I. apply conv_mono. intros t (v & J & E). exists v. auto.
Qed.

Lemma hulls_mono : forall net (D D' : set) t, (forall v, D v -> D' v) ->
  layered hull_layer D net t -> layered hull_layer D' net t.
Proof.
  induction net as [|f net IH]; intros D D' t I T; destruct t as [|z [|y t]]; simpl in T;
    try contradiction; simpl; [now apply I|]. destruct T as (J & S & T).
  repeat split; [now apply I | now apply (hull_layer_mono D) |].
  apply (IH (behind hull_layer f D)); [|exact T]. intros v (u & U & V). exists u.
  split; [now apply I | now apply (hull_layer_mono D)].
Qed.

Lemma hull_of_runs_layered : forall net (X : set) t, convex_set X -> conv (runs net X) t ->
  layered hull_layer X net t.
Proof.
  induction net as [|f net IH]; intros X t C H.
  - destruct (C t H) as (x & -> & I). exact I.
  - apply conv_images in H as (ws & us & W & L & N & F & E).
    change (run (f :: net)) with (fun u => u :: run net (apply f u)) in E.
    rewrite (combination_cons (fun u => run net (apply f u))) in E by assumption.
    destruct t as [|z t]; inversion E as [|? ? ? ? E1 E2]; subst.
    assert (T : layered hull_layer (hull_behind f X) net t).
    { apply IH; [apply hull_behind_convex|].
      apply (images_conv (hull_behind f X) (run net) t ws (map (apply f) us)); trivial.
      - now rewrite map_length.
      - apply Forall_map. eapply Forall_impl; [|exact F]. intros u I.
        now apply (hull_behind_value f X u); [|apply eqv_refl].
      - now rewrite map_map. }
    assert (T' : layered hull_layer (behind hull_layer f X) net t).
    { apply (hulls_mono net (hull_behind f X)); [|assumption].
      intros v. now apply hull_behind_is_behind. }
    destruct (layered_head _ _ _ _ T) as (y & s & -> & _).
    repeat split; [now apply (convex_mix X ws us) | | exact T'].
    apply (images_conv X (fun u => [u; apply f u]) _ ws us); trivial.
    rewrite (combination_cons (fun u => [apply f u])) by assumption.
    constructor; [assumption|].
    assert (A : exists s', combination (combine ws (map (fun u => run net (apply f u)) us))
                = mix ws (map (apply f) us) :: s').
    { rewrite <- (map_map (apply f) (run net)).
      assert (L' : length ws = length (map (apply f) us)) by now rewrite map_length.
      assert (N' : map (apply f) us <> []) by now apply map_not_nil.
      destruct net as [|g net].
      - exists []. exact (mixed_runs_nil ws _ L' N').
      - eexists. exact (mixed_runs_cons g net ws _ L' N'). }
    destruct A as [s' A]. rewrite A in E2. inversion E2 as [|? ? ? ? E3 E4]; subst.
    rewrite <- (map_map (apply f) (fun u => [u])).
    rewrite singles by (rewrite ?map_length; trivial; now apply map_not_nil).
    now repeat constructor.
Qed.

Theorem P_layered : forall r net (X : set) t, (0 < r)%nat -> convex_set X -> P r X net t ->
  layered hull_layer X net t.
Proof.
  intros r. induction net as [|f net IH]; intros X t R C H.
  - now apply hull_of_runs_layered.
  - cbn [P] in H. destruct (length (f :: net) <=? r)%nat; [now apply hull_of_runs_layered|].
    destruct H as [H T]. apply IH in T; [|assumption | apply hull_behind_convex].
    destruct r as [|r]; [lia|]. cbn [firstn] in H.
    apply hull_of_runs_layered in H; [|assumption].
    destruct t as [|z [|y t]]; try contradiction. cbn [layered] in H.
    destruct H as (I & S & _). repeat split; trivial.
    apply (hulls_mono net (hull_behind f X)); [|assumption].
    intros v. now apply hull_behind_is_behind.
Qed.

Lemma P_mono : forall r net (X X' : set) t, (forall v, X v -> X' v) -> P r X net t ->
  P r X' net t.
Proof.
  intros r.
  assert (R : forall net (X X' : set) t, (forall v, X v -> X' v) ->
            conv (runs net X) t -> conv (runs net X') t).
  { intros net X X' t I. apply conv_mono. intros s (x & J & E). exists x. auto. }
  induction net as [|f net IH]; intros X X' t I; cbn [P]; [now apply R|].
  destruct (length (f :: net) <=? r)%nat; [now apply R|]. intros [A B]. split.
  - now apply (R _ X).
  - apply (IH (hull_behind f X)); [|assumption]. intros v. apply conv_mono.
    intros s (x & J & E). exists x. auto.
Qed.

(** The other way round, [P 1] is the relaxation by the hull of each layer. *)
Theorem layered_P_1 : forall net (X : set) t, layered hull_layer X net t -> P 1 X net t.
Proof.
  induction net as [|f net IH]; intros X t T; destruct t as [|z [|y t]]; simpl in T;
    try contradiction.
  - apply conv_contains. now exists z.
  - destruct T as (I & S & T). cbn [P]. destruct (length (f :: net) <=? 1)%nat eqn:E.
    + destruct net; [|discriminate]. destruct t; [exact S | destruct T].
    + split; [exact S|]. apply (P_mono 1 net (behind hull_layer f X)).
      * intros v. apply behind_is_hull_behind.
      * now apply IH.
Qed.

(** ** Windows *)

Lemma reach_mono : forall net (D D' : set) i v, (forall v, D v -> D' v) ->
  reach hull_layer D net i v -> reach hull_layer D' net i v.
Proof.
  induction net as [|f net IH]; intros D D' [|i] v I; simpl; auto.
  apply IH. intros u (z & Z & S). exists z. split; [now apply I | now apply (hull_layer_mono D)].
Qed.

Lemma layered_length : forall L net (X : set) t, layered L X net t ->
  length t = S (length net).
Proof.
  intros L. induction net as [|f net IH]; intros X t T; destruct t as [|z [|y t]]; simpl in T;
    try contradiction; [reflexivity|]. destruct T as (_ & _ & T). simpl. f_equal.
  exact (IH _ (y :: t) T).
Qed.

Lemma layered_last : forall L net (D : set) t, layered L D net t ->
  reach L D net (length net) (last t []).
Proof.
  intros L. induction net as [|f net IH]; intros D t T; destruct t as [|z [|y t]]; simpl in T;
    try contradiction; [exact T|]. destruct T as (_ & _ & T). exact (IH _ (y :: t) T).
Qed.

Lemma nth_last : forall (t : trace) i, length t = S i -> nth i t [] = last t [].
Proof.
  induction t as [|v [|w t] IH]; intros [|i] E; simpl in E; try discriminate; trivial.
  exact (IH i ltac:(simpl; congruence)).
Qed.

Theorem P_windows : forall r net (X : set) t s, (0 < r)%nat -> convex_set X -> P r X net t ->
  (s + r <= length net)%nat \/ s = O ->
  conv (runs (firstn r (skipn s net)) (reach hull_layer X net s)) (firstn (S r) (skipn s t)).
Proof.
  intros r. induction net as [|f net IH]; intros X t s R C H W.
  - assert (s = O) as -> by (simpl in W; lia). simpl skipn. rewrite firstn_nil.
    pose proof (layered_length _ _ _ _ (P_layered r [] X t R C H)) as E.
    rewrite firstn_all2 by (simpl in E; lia). exact H.
  - pose proof (layered_length _ _ _ _ (P_layered r _ X t R C H)) as E. cbn [P] in H.
    destruct (PeanoNat.Nat.leb_spec (length (f :: net)) r) as [A|A].
    + assert (s = O) as -> by lia. cbn [skipn reach]. rewrite !firstn_all2 by lia. exact H.
    + destruct H as [H T]. destruct s as [|s]; [exact H|].
      destruct t as [|z t]; [discriminate|]. cbn [tl] in T.
      assert (B : (s + r <= length net)%nat \/ s = O) by (simpl in W; lia).
      specialize (IH _ t s R (hull_behind_convex f X) T B). cbn [skipn reach].
      eapply conv_mono; [|exact IH]. intros u (x & I & U). exists x. split; [|assumption].
      apply (reach_mono net (hull_behind f X)); [|assumption].
      intros v. now apply hull_behind_is_behind.
Qed.

(** ** Points of [P r]: a mixture of runs for each window *)

Definition mixed (f : vec -> trace) (w : vec * list vec) : trace :=
  combination (combine (fst w) (map f (snd w))).

Fixpoint glued_windows (r : nat) (net : network) (ws : list (vec * list vec)) : trace :=
  let w := hd ([], []) ws in
  match net with
  | [] => mixed (run []) w
  | f :: fs =>
      if (length net <=? r)%nat then mixed (run net) w
      else hd [] (mixed (run (firstn r net)) w) :: glued_windows r fs (tl ws)
  end.

Fixpoint windows_agree (r : nat) (net : network) (t : trace) (ws : list (vec * list vec))
    : bool :=
  let w := hd ([], []) ws in
  match net with
  | [] => in_hull (fst w) (map (run []) (snd w)) t
  | f :: fs =>
      if (length net <=? r)%nat then in_hull (fst w) (map (run net) (snd w)) t
      else in_hull (fst w) (map (run (firstn r net)) (snd w)) (firstn (S r) t)
           && windows_agree r fs (tl t) (tl ws)
  end.

Theorem windows_agree_sound : forall r net (X : set) t ws,
  (forall k, Forall (reach hull_layer X net k) (snd (nth k ws ([], [])))) ->
  windows_agree r net t ws = true -> P r X net t.
Proof.
  intros r.
  assert (H : forall net (X : set) w t, Forall X (snd w) ->
            in_hull (fst w) (map (run net) (snd w)) t = true -> conv (runs net X) t).
  { intros net X w t F E. apply (in_hull_sound (runs net X)) with (2 := E). apply Forall_map.
    eapply Forall_impl; [|exact F]. intros x I. now exists x. }
  induction net as [|f net IH]; intros X t ws F E;
    (assert (F0 : Forall X (snd (hd ([], []) ws)))
       by (specialize (F 0%nat); destruct ws; simpl in *; trivial; constructor));
    cbn [P windows_agree] in *.
  - now apply (H [] X (hd ([], []) ws)).
  - destruct (length (f :: net) <=? r)%nat; [now apply (H _ X (hd ([], []) ws))|].
    apply andb_prop in E as [E1 E2]. split; [now apply (H _ X (hd ([], []) ws))|].
    apply (P_mono r net (behind hull_layer f X)).
    + intros v. apply behind_is_hull_behind.
    + apply (IH _ _ (tl ws)); [|assumption]. intros k. specialize (F (S k)).
      destruct ws; [destruct k; constructor | exact F].
Qed.
