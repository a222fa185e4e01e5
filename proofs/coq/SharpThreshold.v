(** * Windows of all but two layers are exact, windows of all but three are not

    If the first and the last of [L] layers are affine and the inputs are a convex set, then
    [P r] with [r >= L - 2] admits only outputs in the hull of the true ones; and for smaller
    [r] it does not on every such network, if [L >= 5], or if [L >= 4] and ReLU layers may let
    coordinates pass. *)

From Coq Require Import QArith List Lqa Lia.
From Polyrelax Require Import Network Relaxation Attained Theorem33 Lemma41 Theorem42 TentForm
  Layered Windows.
Import ListNotations.
Open Scope Q_scope.

Definition in_hull_of_values (X : set) (net : network) (y : vec) : Prop :=
  exists ws xs, convex_weights ws /\ length ws = length xs /\ Forall X xs
  /\ eqv y (mix ws (map (eval net) xs)).

Definition ends_affine (net : network) : Prop :=
  exists first_rows mid last_rows, net = Affine first_rows :: mid ++ [Affine last_rows].

(** ** The last values of combinations of runs *)

Lemma mixed_runs_app : forall f ws net us, length ws = length us -> us <> [] ->
  mixed_runs ws us (net ++ [f])
  = mixed_runs ws us net ++ [mix ws (map (eval (net ++ [f])) us)].
Proof.
  intros f ws. induction net as [|g net IH]; intros us L N; cbn [app].
  - rewrite mixed_runs_cons, !mixed_runs_nil;
      rewrite ?map_length; auto using map_not_nil.
  - rewrite !mixed_runs_cons by assumption. rewrite IH;
      [|now rewrite map_length | now apply map_not_nil].
    rewrite map_map. reflexivity.
Qed.

Lemma last_mixed_runs : forall ws net us, length ws = length us -> us <> [] ->
  last_value (mixed_runs ws us net) = mix ws (map (eval net) us).
Proof.
  intros ws net us L N. destruct net as [|f net _] using rev_ind.
  - rewrite mixed_runs_nil by assumption. cbn. now rewrite map_id.
  - rewrite mixed_runs_app by assumption. apply last_last.
Qed.

Lemma last_value_compat : forall s t, eqt s t -> eqv (last_value s) (last_value t).
Proof.
  unfold last_value. intros s t E. induction E as [|u v s t U E IH]; [constructor|].
  destruct E; [assumption|]. exact IH.
Qed.

Lemma same_length : forall (A : Type) (R : A -> A -> Prop) s t, Forall2 R s t ->
  length s = length t.
Proof. induction 1; simpl; congruence. Qed.

Lemma conv_runs : forall (X : set) net t, conv (runs net X) t ->
  exists ws us, convex_weights ws /\ length ws = length us /\ us <> [] /\ Forall X us
  /\ eqt t (mixed_runs ws us net).
Proof. intros X net t C. exact (conv_images X (run net) t C). Qed.

(** The value behind an affine layer at the end of a window is the layer's of the value
    before. *)
Lemma last_of_affine_window : forall X net rows s y,
  conv (runs (net ++ [Affine rows]) X) (s ++ [y]) -> eqv y (apply (Affine rows) (last_value s)).
Proof.
  intros X net rows s y C. destruct (conv_runs _ _ _ C) as (ws & us & W & L & N & _ & E).
  rewrite mixed_runs_app in E by assumption.
  apply Forall2_app_inv_r in E as (s' & y' & S & Y & A).
  inversion Y as [|z ? ? ? Z Y']; subst. inversion Y'; subst.
  apply app_inj_tail in A as [<- <-].
  apply (eqv_trans _ _ _ Z).
  apply (eqv_trans _ (apply (Affine rows) (mix ws (map (eval net) us)))).
  - rewrite (map_ext (eval (net ++ [Affine rows])) (fun u => apply (Affine rows) (eval net u)))
      by (intros u; now rewrite eval_app).
    rewrite <- (map_map (eval net) (apply (Affine rows))). apply eqv_sym, apply_mix;
      [exact I | now rewrite map_length | apply W].
  - apply apply_compat, eqv_sym. rewrite <- last_mixed_runs by assumption.
    now apply last_value_compat.
Qed.

(** The image of a convex set under an affine layer is its hull. *)
Lemma behind_affine : forall rows X y, convex_set X -> hull_behind (Affine rows) X y ->
  exists x, X x /\ eqv y (apply (Affine rows) x).
Proof.
  intros rows X y C H. apply conv_images in H as (ws & us & W & L & N & F & E).
  exists (mix ws us). split; [now apply (convex_mix X ws us); trivial; apply eqv_refl|].
  rewrite <- (map_map (apply (Affine rows)) (fun v => [v])), singles in E;
    [|now rewrite map_length | now apply map_not_nil].
  inversion E as [|? ? ? ? E' _]; subst. apply (eqv_trans _ _ _ E'), eqv_sym.
  apply apply_mix; [exact I | assumption | apply W].
Qed.

Lemma mix_compat : forall ws us vs, Forall2 eqv us vs -> eqv (mix ws us) (mix ws vs).
Proof.
  induction ws as [|w ws IH]; intros us vs E; [constructor|].
  destruct E as [|u v us vs U E]; [constructor|]. cbn [mix].
  apply add_vec_compat; [|now apply IH].
  clear - U. induction U; simpl; constructor; [now rewrite H | assumption].
Qed.

Lemma sources : forall rows X us, convex_set X -> Forall (hull_behind (Affine rows) X) us ->
  exists xs, Forall X xs /\ Forall2 eqv us (map (apply (Affine rows)) xs).
Proof.
  intros rows X us C F. induction F as [|u us U F (xs & I & E)].
  - exists []. split; constructor.
  - destruct (behind_affine rows X u C U) as (x & J & D). exists (x :: xs).
    split; now constructor.
Qed.

Lemma hull_behind_affine_values : forall rows net X ws us y, convex_set X ->
  convex_weights ws -> length ws = length us -> Forall (hull_behind (Affine rows) X) us ->
  eqv y (mix ws (map (eval net) us)) -> in_hull_of_values X (Affine rows :: net) y.
Proof.
  intros rows net X ws us y C W L F E. destruct (sources rows X us C F) as (xs & I & D).
  exists ws, xs. repeat split; try apply W; trivial.
  - rewrite L, (same_length _ _ _ _ D). apply map_length.
  - apply (eqv_trans _ _ _ E).
    rewrite (map_ext (eval (Affine rows :: net)) (fun x => eval net (apply (Affine rows) x)))
      by reflexivity.
    rewrite <- (map_map (apply (Affine rows)) (eval net)). apply mix_compat.
    clear - D. induction D; cbn [map]; constructor; [now apply eval_compat | assumption].
Qed.

(** ** Windows of all but two layers *)

Lemma P_unfold : forall r X f fs t, P r X (f :: fs) t ->
  (length (f :: fs) <= r)%nat /\ conv (runs (f :: fs) X) t
  \/ (r < length (f :: fs))%nat /\ conv (runs (firstn r (f :: fs)) X) (firstn (S r) t)
     /\ P r (hull_behind f X) fs (tl t).
Proof.
  intros r X f fs t H. cbn [P] in H.
  destruct (PeanoNat.Nat.leb_spec (length (f :: fs)) r); [left | right]; tauto.
Qed.

Lemma conv_length : forall X net t, conv (runs net X) t -> length t = S (length net).
Proof.
  intros X net t C. destruct (conv_runs _ _ _ C) as (ws & us & W & L & N & _ & E).
  rewrite (same_length _ _ _ _ E). clear - L N. revert us L N.
  induction net as [|f net IH]; intros us L N.
  - now rewrite mixed_runs_nil.
  - rewrite mixed_runs_cons by assumption. cbn [length]. f_equal.
    apply IH; [now rewrite map_length | now apply map_not_nil].
Qed.

Lemma P_length : forall r net X t, (1 <= r)%nat -> P r X net t -> length t = S (length net).
Proof.
  intros r. induction net as [|f net IH]; intros X t R H.
  - exact (conv_length X [] t H).
  - destruct (P_unfold _ _ _ _ _ H) as [[_ C]|(B & C & D)]; [now apply conv_length in C|].
    apply IH in D; [|assumption]. destruct t as [|v t]; [discriminate|]. cbn in *. lia.
Qed.

Lemma last_tl : forall (t : trace), (2 <= length t)%nat -> last_value (tl t) = last_value t.
Proof. intros [|u [|v t]] B; cbn in B; try lia. reflexivity. Qed.

Theorem windows_of_all_but_two_layers_are_exact : forall r X net t,
  convex_set X -> ends_affine net -> (1 <= r)%nat -> (length net <= r + 2)%nat ->
  P r X net t -> in_hull_of_values X net (last_value t).
Proof.
  intros r X net t C (rows & mid & rows' & ->) R B H.
  pose proof (P_length _ _ _ _ R H) as Len. cbn [length] in Len.
  rewrite app_length in Len. cbn [length] in Len.
  destruct (P_unfold _ _ _ _ _ H) as [[_ V]|(_ & _ & H')].
  - destruct (conv_runs _ _ _ V) as (ws & us & W & L & N & F & E).
    exists ws, us. repeat split; try apply W; trivial.
    rewrite <- last_mixed_runs by assumption. now apply last_value_compat.
  - rewrite <- last_tl by lia. destruct t as [|v0 t]; [discriminate|]. cbn [tl] in *.
    destruct mid as [|g mid].
    + destruct (P_unfold _ _ _ _ _ H') as [[_ V]|(B' & _)]; [|cbn in B'; lia].
      destruct (conv_runs _ _ _ V) as (ws & us & W & L & N & F & E).
      apply (hull_behind_affine_values rows _ X ws us); trivial.
      rewrite <- last_mixed_runs by assumption. now apply last_value_compat.
    + cbn [app] in H'. destruct (P_unfold _ _ _ _ _ H') as [[_ V]|(B' & V & H'')].
      * destruct (conv_runs _ _ _ V) as (ws & us & W & L & N & F & E).
        apply (hull_behind_affine_values rows _ X ws us); trivial.
        rewrite <- last_mixed_runs by assumption. now apply last_value_compat.
      * cbn [length app] in B, B', Len. rewrite app_length in B, B'. cbn [length] in B, B'.
        assert (r = S (length mid)) by lia. subst r.
        destruct t as [|v1 t]; [discriminate|]. cbn [tl] in *.
        destruct t as [|y s _] using rev_ind; [cbn in Len; lia|].
        cbn [length] in Len. rewrite app_length in Len. cbn [length] in Len.
        assert (Y : eqv y (apply (Affine rows') (last_value s))).
        { destruct mid as [|g' mid]; cbn [app] in H'';
            destruct (P_unfold _ _ _ _ _ H'') as [[_ V']|(B'' & _)];
            try (cbn [length] in B''; rewrite ?app_length in B''; cbn [length] in B''; lia).
          - exact (last_of_affine_window _ [] rows' s y V').
          - exact (last_of_affine_window _ (g' :: mid) rows' s y V'). }
        assert (S1 : firstn (S (length mid)) (g :: mid ++ [Affine rows']) = g :: mid).
        { cbn [firstn]. f_equal. rewrite firstn_app, firstn_all, PeanoNat.Nat.sub_diag.
          cbn. apply app_nil_r. }
        assert (S2 : firstn (S (S (length mid))) (v1 :: s ++ [y]) = v1 :: s).
        { assert (G : S (length mid) = length s) by lia. rewrite G.
          change (v1 :: firstn (length s) (s ++ [y]) = v1 :: s). f_equal.
          rewrite firstn_app, firstn_all, PeanoNat.Nat.sub_diag. cbn. apply app_nil_r. }
        rewrite S1, S2 in V.
        destruct (conv_runs _ _ _ V) as (ws & us & W & L & N & F & E).
        apply (hull_behind_affine_values rows _ X ws us); trivial.
        replace (last_value (v1 :: s ++ [y])) with y
          by (symmetry; exact (last_last (v1 :: s) y [])).
        apply (eqv_trans _ _ _ Y).
        apply (eqv_trans _ (apply (Affine rows') (mix ws (map (eval (g :: mid)) us)))).
        -- apply apply_compat. rewrite <- last_mixed_runs by assumption.
           replace (last_value s) with (last_value (v1 :: s)).
           ++ now apply last_value_compat.
           ++ destruct s; [cbn in Len; lia | reflexivity].
        -- apply (eqv_trans _ (mix ws (map (apply (Affine rows')) (map (eval (g :: mid)) us)))).
           ++ apply apply_mix; [exact I | now rewrite map_length | apply W].
           ++ rewrite map_map.
              rewrite (map_ext (eval (g :: mid ++ [Affine rows']))
                        (fun u => apply (Affine rows') (eval (g :: mid) u))).
              ** apply eqv_refl.
              ** intros u. cbn [eval]. now rewrite eval_app.
Qed.

(** ** The threshold

    Networks whose ReLU layers leave no coordinate out are [full]. *)

Definition full (net : network) : Prop :=
  Forall (fun f => match f with ReLU mask => forallb id mask = true | _ => True end) net.

(** Windows of [r] layers are exact on all networks of [depth] layers that are affine at both
    ends and satisfy [kind]. *)
Definition complete (kind : network -> Prop) (r depth : nat) : Prop := forall X net t,
  convex_set X -> ends_affine net -> kind net -> length net = depth -> P r X net t ->
  in_hull_of_values X net (last_value t).

Lemma weighted_sum_at_least : forall a g ws us, Forall (Qle 0) ws -> length ws = length us ->
  Forall (fun u => a <= g u) us -> sum ws * a <= weighted_sum ws us g.
Proof.
  intros a g. unfold sum.
  induction ws as [|w ws IH]; intros [|u us] N L F; cbn in *; try discriminate L; [lra|].
  inversion N as [|? ? W N']; inversion F as [|? ? B F']; subst.
  assert (E : length ws = length us) by congruence. specialize (IH us N' E F'). nra.
Qed.

(** A form that is at least [a] on the values is so on their hull. *)
Lemma hull_at_least : forall c X net y a, in_hull_of_values X net y ->
  (forall x, X x -> a <= dot c (eval net x)) -> a <= dot c y.
Proof.
  intros c X net y a (ws & xs & [N S] & L & F & E) B.
  rewrite (dot_compat c _ _ E), dot_mix.
  setoid_replace a with (sum ws * a) by (rewrite S; ring).
  apply weighted_sum_at_least; [assumption | now rewrite map_length |].
  apply Forall_map. eapply Forall_impl; [|exact F]. exact B.
Qed.

Lemma output_dot : forall v, output 0 v == dot [1] v.
Proof. intros [|a [|b v]]; cbn; ring. Qed.

Lemma segment_ranges : first_ranges (inside (box [(-(1), 1)])) (-(1)) 1.
Proof.
  split; [|split].
  - intros x [_ F]. unfold first. inversion F as [|? ? A F']; inversion F' as [|? ? B _]; subst.
    destruct x as [|x0 x]; cbn in *; lra.
  - exists [-(1)]. repeat split; repeat constructor; discriminate.
  - exists [1]. repeat split; repeat constructor; discriminate.
Qed.

Theorem windows_of_all_but_three_layers_are_not : forall r depth,
  (5 <= depth)%nat -> (r + 3 <= depth)%nat -> ~ complete full r depth.
Proof.
  intros r depth D R C. set (m := (depth - 5)%nat).
  assert (U : -(1) < 1) by lra. assert (V : 0 < 1) by lra.
  assert (M : (r <= m + 2)%nat) by (subst m; lia).
  destruct (tent_is_arbitrarily_imprecise _ _ _ _ m r U segment_ranges V M)
    as ((B & _) & t & I & Z).
  rewrite output_dot in Z. enough (1 <= dot [1] (last_value t)) by lra.
  apply (hull_at_least [1] (inside (box [(-(1), 1)])) (tent_of m (-(1)) 1 1));
    [|intros x H; rewrite <- output_dot; now apply B].
  apply (C _ (tent_of m (-(1)) 1 1) t); trivial.
  - apply polytope_convex.
  - unfold ends_affine, tent_of, tent_front, tent_back. eexists.
    exists (relus 2 :: repeat Identity m ++ tent_middle ++ [relus 2]). eexists.
    cbn [app]. rewrite <- !app_assoc. reflexivity.
  - unfold full, tent_of. repeat (apply Forall_app; split); try (now repeat constructor).
    apply Forall_forall. intros f F. apply repeat_spec in F. now subst f.
  - unfold tent_of. rewrite !app_length, repeat_length. cbn. lia.
Qed.

Theorem the_threshold_is_sharp : forall r depth, (1 <= r)%nat -> (5 <= depth)%nat ->
  (complete full r depth <-> (depth <= r + 2)%nat).
Proof.
  intros r depth R D. split.
  - intros C. destruct (PeanoNat.Nat.le_gt_cases depth (r + 2)) as [B|B]; [assumption|].
    exfalso. apply (windows_of_all_but_three_layers_are_not r depth); trivial; lia.
  - intros B X net t C E _ L H.
    apply (windows_of_all_but_two_layers_are_exact r X net t); trivial. now rewrite L.
Qed.

(** ** Skip connections

    Where ReLU layers may leave coordinates out, four layers are enough: of [t] and [t - 1/2] the
    first is bent, and behind [m] identities the second. *)

Definition bent_in_turn (m : nat) : network :=
  [ Affine [([1], 0); ([1], -(1 # 2))]; ReLU [true; false] ] ++ repeat Identity m
  ++ [ ReLU [false; true]; Affine [([1; -(1)], 0)] ].

Lemma bent_in_turn_value : forall m x,
  output 0 (eval (bent_in_turn m) [x]) == relu x - relu (x - (1 # 2)).
Proof.
  intros m x. unfold bent_in_turn. rewrite !eval_app, eval_identities.
  change (1 * relu (1 * x + 0 + 0) + (-(1) * relu (1 * x + 0 + -(1 # 2)) + 0) + 0
          == relu x - relu (x - (1 # 2))).
  assert (A : 1 * x + 0 + 0 == x) by ring.
  assert (B : 1 * x + 0 + -(1 # 2) == x - (1 # 2)) by ring.
  rewrite A, B. ring.
Qed.

Lemma relu_difference : forall x, relu x - relu (x - (1 # 2)) <= 1 # 2.
Proof.
  intros x. destruct (relu_cases x) as [[? A]|[? A]],
    (relu_cases (x - (1 # 2))) as [[? B]|[? B]]; lra.
Qed.

Theorem windows_of_all_but_three_layers_miss_skips : forall r depth,
  (4 <= depth)%nat -> (r + 3 <= depth)%nat -> ~ complete (fun _ => True) r depth.
Proof.
  intros r depth D R C. set (m := (depth - 4)%nat).
  destruct (windows_admit_values_on_the_hull (inside (box [(-(1), 1)]))
    [ Affine [([1], 0); ([1], -(1 # 2))]; ReLU [true; false] ] (repeat Identity m)
    [ ReLU [false; true]; Affine [([1; -(1)], 0)] ] r [1 # 4; 3 # 4] [[-(1)]; [1]])
    as (t & I & V).
  - discriminate.
  - apply Forall_forall. intros f F. apply repeat_spec in F. now subst f.
  - rewrite repeat_length. lia.
  - split; [repeat constructor; discriminate | reflexivity].
  - reflexivity.
  - repeat constructor; discriminate.
  - assert (Z : output 0 (last_value t) == 3 # 4)
      by (rewrite V, eval_app, eval_identities; reflexivity).
    rewrite output_dot in Z.
    enough (-(1 # 2) <= dot [-(1)] (last_value t))
      by (destruct (last_value t) as [|y [|? ?]]; cbn in *; lra).
    apply (hull_at_least [-(1)] (inside (box [(-(1), 1)])) (bent_in_turn m)).
    + apply (C _ (bent_in_turn m) t); trivial.
      * apply polytope_convex.
      * unfold ends_affine, bent_in_turn. eexists.
        exists (ReLU [true; false] :: repeat Identity m ++ [ReLU [false; true]]). eexists.
        cbn [app]. rewrite <- !app_assoc. reflexivity.
      * unfold bent_in_turn. rewrite !app_length, repeat_length. cbn. lia.
    + intros [|x [|? ?]] [L _]; try discriminate L.
      enough (output 0 (eval (bent_in_turn m) [x]) <= 1 # 2)
        by (destruct (eval (bent_in_turn m) [x]) as [|y [|? ?]]; cbn in *; lra).
      rewrite bent_in_turn_value. apply relu_difference.
Qed.

Theorem the_threshold_with_skips_is_sharp : forall r depth, (1 <= r)%nat -> (4 <= depth)%nat ->
  (complete (fun _ => True) r depth <-> (depth <= r + 2)%nat).
Proof.
  intros r depth R D. split.
  - intros C. destruct (PeanoNat.Nat.le_gt_cases depth (r + 2)) as [B|B]; [assumption|].
    exfalso. apply (windows_of_all_but_three_layers_miss_skips r depth); trivial; lia.
  - intros B X net t C E _ L H.
    apply (windows_of_all_but_two_layers_are_exact r X net t); trivial. now rewrite L.
Qed.
