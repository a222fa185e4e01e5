(** * Bounds of the triangle relaxation

    Layer by layer, bounds [l <= z <= u] of each neuron are refuted to be wrong by the rows of
    the layers before; then the rows of its triangle are added.  At the end the negation of
    the claim is refuted.  *)

From Coq Require Import ZArith QArith List Lqa Bool.
From Polyrelax Require Import Network Farkas Traces Symbolic PhaseTree Relaxation Attained.
Import ListNotations.
Open Scope Q_scope.

Record neuron_bounds := {
  lower : Q;
  upper : Q;
  lower_refutation : refutation;
  upper_refutation : refutation
}.

Definition bounds_hold (rows : list row) (zf : affine) (b : neuron_bounds) : bool :=
  refutes (lower_refutation b) (negative (add_multiple 1 zf (constantly (- lower b))) :: rows)
  && refutes (upper_refutation b)
       (negative (add_multiple (-(1)) zf (constantly (upper b))) :: rows).

(** [(u - l) y - u (z - l)] *)
Definition above_triangle (n : neuron) (l u : Q) : affine :=
  add_multiple (Qred (u - l)) (variable (snd n))
    (add_multiple (- u) (fst n) (constantly (Qred (u * l)))).

Definition triangle_rows (n : neuron) (l u : Q) : list row :=
  if Qle_bool 0 l then not_positive (excess n) :: neuron_rows n
  else if Qle_bool u 0 then not_positive (variable (snd n)) :: neuron_rows n
  else not_positive (above_triangle n l u) :: neuron_rows n.

Fixpoint layer_rows (rows : list row) (ns : list neuron) (bs : list neuron_bounds)
    : option (list row) :=
  match ns, bs with
  | [], _ => Some []
  | n :: ns', b :: bs' =>
      if bounds_hold rows (fst n) b then
        option_map (app (triangle_rows n (lower b) (upper b))) (layer_rows rows ns' bs')
      else None
  | _, [] => None
  end.

(** Layers and their bounds are given from the last to the first; ReLU layers have bounds. *)
Fixpoint triangle_forms (X : polytope) (fs : list layer) (bss : list (list neuron_bounds))
    : option (list affine * positive * list row) :=
  match fs with
  | [] =>
      let '(gs, _, n) := forms (dimension X) [] in
      Some (gs, n, map (constraint_row gs) (constraints X))
  | f :: fs' =>
      match triangle_forms X fs' (tl bss) with
      | None => None
      | Some (gs, n, rows) =>
          let '(gs', ns, n') := layer_forms f gs n in
          option_map (fun new => (gs', n', new ++ rows)) (layer_rows rows ns (hd [] bss))
      end
  end.

Record triangle_bound := {
  neurons : list (list neuron_bounds);
  conclusion : refutation
}.

Definition check_triangle_claim (X : polytope) (net : network) (c : claim) (t : triangle_bound)
    : bool :=
  match triangle_forms X (rev net) (neurons t) with
  | None => false
  | Some (gs, _, rows) => refutes (conclusion t) (negation (claim_row c gs) :: rows)
  end.

(** ** Soundness *)

(** What holds on the graph of [relu] over [D] holds on its hull. *)
Lemma conv_valid : forall (S : trace -> Prop) a b c,
  (forall t, S t -> exists z y, t = [[z; y]] /\ a * z + b * y <= c) ->
  forall z y, conv S [[z; y]] -> a * z + b * y <= c.
Proof.
  intros S a b c V z y (ps & [N W] & F & E).
  assert (H : ps = [] \/ exists A B, combination ps = [[A; B]]
                                     /\ a * A + b * B <= sum (map fst ps) * c).
  { clear W E. induction ps as [|[w t] ps IH]; [now left | right].
    simpl in N, F. inversion N as [|? ? N1 N2]; subst. inversion F as [|? ? F1 F2]; subst.
    destruct (V t F1) as (s & r & -> & G). destruct (IH N2 F2) as [->|(A & B & C & D)].
    - simpl. exists (w * s), (w * r). split; [reflexivity | nra].
    - simpl. rewrite C. exists (w * s + A), (w * r + B). split; [reflexivity | nra]. }
  destruct H as [->|(A & B & C & D)].
  - simpl in W. discriminate W.
  - rewrite C in E. inversion E as [|? ? ? ? E1 E2]; subst.
    inversion E1 as [|? ? ? ? Z E3]; subst. inversion E3 as [|? ? ? ? Y E4]; subst.
    rewrite W in D. rewrite Z, Y. lra.
Qed.

Lemma triangle_neuron_valid : forall (D : set) j l u,
  (forall v s, D v -> nth_error v j = Some s -> l <= s /\ s <= u) ->
  forall z y, triangle_neuron D j z y ->
  0 <= y /\ z <= y /\ (0 <= l -> y <= z) /\ (u <= 0 -> y <= 0)
  /\ (l <= 0 -> 0 <= u -> (u - l) * y <= u * (z - l)).
Proof.
  intros D j l u B z y T. repeat split; intros.
  - enough (0 * z + -(1) * y <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (relu_cases s); lra.
  - enough (1 * z + -(1) * y <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (relu_cases s); lra.
  - enough (-(1) * z + 1 * y <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (B v s I N). destruct (relu_cases s); lra.
  - enough (0 * z + 1 * y <= 0) by lra. apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (B v s I N). destruct (relu_cases s); lra.
  - enough (- u * z + (u - l) * y <= - (u * l)) by lra.
    apply (conv_valid _ _ _ _) with (2 := T).
    intros t (v & s & I & N & ->). exists s, (relu s). split; [reflexivity|].
    destruct (B v s I N). destruct (relu_cases s) as [[? E]|[? E]]; rewrite E; nra.
Qed.

Lemma bounds_hold_sound : forall x rows zf b s, bounds_hold rows zf b = true ->
  Forall (sat x) rows -> represents x zf s -> lower b <= s /\ s <= upper b.
Proof.
  intros x rows zf b s E F Z. apply andb_prop in E as [E1 E2].
  split; apply Qnot_lt_le; intros H.
  - apply (refutes_sound _ _ E1 x). constructor; [|assumption].
    apply (sat_negative x _ (1 * s + - lower b)); [|lra].
    now apply represents_add_multiple, represents_constantly.
  - apply (refutes_sound _ _ E2 x). constructor; [|assumption].
    apply (sat_negative x _ (-(1) * s + upper b)); [|lra].
    now apply represents_add_multiple, represents_constantly.
Qed.

Lemma sat_triangle_rows : forall x n z y l u, represents x (fst n) z -> x (snd n) == y ->
  0 <= y /\ z <= y /\ (0 <= l -> y <= z) /\ (u <= 0 -> y <= 0)
  /\ (l <= 0 -> 0 <= u -> (u - l) * y <= u * (z - l)) ->
  Forall (sat x) (triangle_rows n l u).
Proof.
  intros x n z y l u Z Y (P & Q & S & T & U).
  assert (V : represents x (variable (snd n)) y) by now apply represents_variable.
  assert (E : represents x (excess n) (y - z)) by now apply represents_excess.
  assert (N : Forall (sat x) (neuron_rows n)).
  { repeat constructor.
    - apply (sat_not_positive x _ (- y) (represents_opposite _ _ _ V)). lra.
    - apply (sat_not_positive x _ (- (y - z)) (represents_opposite _ _ _ E)). lra. }
  unfold triangle_rows. destruct (Qle_bool 0 l) eqn:L; [|destruct (Qle_bool u 0) eqn:K];
    (constructor; [|exact N]).
  - apply Qle_bool_iff in L. apply (sat_not_positive x _ _ E). specialize (S L). lra.
  - apply Qle_bool_iff in K. apply (sat_not_positive x _ _ V). now apply T.
  - apply (sat_not_positive x _ (Qred (u - l) * y + (- u * z + Qred (u * l)))).
    + now repeat apply represents_add_multiple; [| |apply represents_constantly].
    + assert (L' : l <= 0) by (apply Qlt_le_weak, Qnot_le_lt; intros H;
        apply Qle_bool_iff in H; congruence).
      assert (K' : 0 <= u) by (apply Qlt_le_weak, Qnot_le_lt; intros H;
        apply Qle_bool_iff in H; congruence).
      specialize (U L' K'). rewrite !Qred_correct. lra.
Qed.

Lemma nth_represents : forall x fs v j f s, Forall2 (represents x) fs v ->
  nth_error fs j = Some f -> nth_error v j = Some s -> represents x f s.
Proof.
  intros x fs v j f s F. revert j. induction F; intros [|j] N M; simpl in *; try discriminate.
  - congruence.
  - now apply (IHF j).
Qed.

Lemma layer_rows_sound : forall x (D : set) rows fs,
  (forall v, D v -> exists x', Forall (sat x') rows /\ Forall2 (represents x') fs v) ->
  forall ns bs new, layer_rows rows ns bs = Some new ->
  Forall (behaves x (triangle_neuron D) fs) ns -> Forall (sat x) new.
Proof.
  intros x D rows fs H. induction ns as [|n ns IH]; intros [|b bs] new E F; simpl in E;
    try discriminate; try (injection E as <-; constructor).
  destruct (bounds_hold rows (fst n) b) eqn:B; [|discriminate].
  destruct (layer_rows rows ns bs) as [new'|] eqn:E'; [|discriminate].
  injection E as <-. inversion F as [|? ? (j & a & y & M & Z & Y & T) F']; subst.
  apply Forall_app. split; [|now apply (IH bs)].
  apply (sat_triangle_rows x n a y); trivial.
  apply (triangle_neuron_valid D j); [|assumption]. intros v s I N.
  destruct (H v I) as (x' & R & G). apply (bounds_hold_sound x' rows (fst n)); trivial.
  now apply (nth_represents x' fs v j).
Qed.

Lemma triangle_forms_sound : forall X fs bss gs n rows,
  triangle_forms X fs bss = Some (gs, n, rows) ->
  forall t, triangle_reversed (inside X) fs t ->
  forall x, reads x 1 (variables_of fs t) ->
  Forall2 (represents x) gs (hd [] t) /\ n = after 1 (variables_of fs t) /\ Forall (sat x) rows.
Proof.
  intros X. induction fs as [|f fs IH]; intros bss gs n rows E t T x V.
  - destruct t as [|v [|]]; simpl in T; try contradiction. simpl in E. injection E as <- <- <-.
    simpl in V |- *. pose proof T as [L _]. repeat split.
    + rewrite <- L. now apply input_forms_sound.
    + now rewrite after_length, L.
    + now apply (sat_constraints X v).
  - destruct t as [|y [|z t]]; simpl in T; try contradiction. destruct T as [T S].
    simpl in E. destruct (triangle_forms X fs (tl bss)) as [[[gs0 n0] rows0]|] eqn:E0;
      [|discriminate].
    destruct (layer_forms f gs0 n0) as [[gs1 ns] n1] eqn:E1.
    destruct (layer_rows rows0 ns (hd [] bss)) as [new|] eqn:E2; [|discriminate].
    injection E as <- <- <-. specialize (IH (tl bss) gs0 n0 rows0 E0).
    cbn [variables_of] in V |- *. apply reads_app in V as [V V'].
    destruct (IH _ T x V) as (G & A & R). subst n0.
    destruct (layer_forms_sound _ _ _ _ _ _ _ _ _ _ E1 G S V') as (G' & A' & B').
    cbn [hd]. repeat split; [assumption | now rewrite after_app |].
    apply Forall_app. split; [|assumption].
    apply (layer_rows_sound x _ rows0 gs0) with (2 := E2) (3 := B').
    intros v (s & I). exists (point_of 1 (variables_of fs (v :: s))).
    destruct (IH _ I _ (reads_point_of _ 1)) as (G2 & _ & R2). split; assumption.
Qed.

Theorem check_triangle_claim_sound : forall X net c b, check_triangle_claim X net c b = true ->
  forall t, triangle (inside X) net t -> holds c (last_value t).
Proof.
  intros X net c b C t T. unfold check_triangle_claim in C. unfold triangle in T.
  destruct (triangle_forms X (rev net) (neurons b)) as [[[gs n] rows]|] eqn:E; [|discriminate].
  set (x := point_of 1 (variables_of (rev net) (rev t))).
  destruct (triangle_forms_sound _ _ _ _ _ _ E _ T x (reads_point_of _ 1)) as (G & _ & R).
  replace (last_value t) with (hd [] (rev t)).
  - destruct (sat_or_negation x (claim_row c gs)) as [S|S]; [now apply (sat_claim_row x c gs)|].
    exfalso. apply (refutes_sound _ _ C x). now constructor.
  - rewrite <- (rev_involutive t) at 2. destruct (rev t) as [|v s]; [reflexivity|].
    simpl. unfold last_value. now rewrite last_last.
Qed.

(** The bound holds for the network too, as the relaxation admits its runs. *)
Corollary triangle_claim_of_network : forall X net c b, check_triangle_claim X net c b = true ->
  forall x, inside X x -> holds c (eval net x).
Proof.
  intros X net c b C x I. rewrite <- last_run.
  now apply (check_triangle_claim_sound X net c b C), triangle_sound.
Qed.
