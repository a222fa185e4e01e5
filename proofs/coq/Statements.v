(** * Statements in readable form

    What [Document.check_sound] proves, about outputs of networks. *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Traces Relaxation Layered Lines Boxes Rows Windows
    Hulls Convex
  Document.
Import ListNotations.
Open Scope Q_scope.

(** k-ReLU and M_k, each layer over the values that the layers before admit. *)
Definition krelu (k : nat) : relaxation := layered (krelu_layer k).
Definition multi_neuron (k : nat) : relaxation := layered (M_layer k).

(** Interval bound propagation, and the methods of back-substitution. *)
Definition interval_bounds : relaxation := layered box_layer.
Definition back_substitution (m : method) : relaxation := layered (line_layer m).

(** ** The triangle relaxation, from the first layer on *)

Lemma layered_snoc : forall L net (D : set) t f y, layered L D (net ++ [f]) (t ++ [y])
  <-> layered L D net t /\ L (reach L D net (length net)) f (last t []) y.
Proof.
  intros L. induction net as [|g net IH]; intros D t f y.
  - cbn [app layered reach length]. destruct t as [|z [|z' t]]; cbn [app last layered].
    + tauto.
    + split; [tauto|]. intros [I S]. split; [assumption | split; [assumption|]]. now exists z.
    + split; [|tauto]. intros (_ & _ & T). exfalso. now destruct t.
  - destruct t as [|z [|z' t]].
    + cbn. destruct (net ++ [f]); tauto.
    + split; [|cbn; tauto]. cbn [app layered]. intros (_ & _ & T). exfalso.
      apply layered_length in T. rewrite app_length in T. simpl in T. lia.
    + cbn [app layered length reach]. specialize (IH (behind L g D) (z' :: t) f y).
      cbn [app] in IH. rewrite IH. change (last (z :: z' :: t) []) with (last (z' :: t) []).
      tauto.
Qed.

Lemma reach_trace : forall L net (D : set) v, sound L -> reach L D net (length net) v ->
  exists s, layered L D net (s ++ [v]).
Proof.
  intros L net D v H R.
  destruct (layered_extend L H (length net) net D 0 v (le_n _) R) as (t & T & E).
  rewrite PeanoNat.Nat.add_0_r, firstn_all in T. pose proof (layered_length _ _ _ _ T) as N.
  destruct t as [|a t]; [discriminate|]. exists (removelast (a :: t)).
  specialize (E 0%nat). rewrite PeanoNat.Nat.add_0_r in E.
  assert (V : last (a :: t) ([] : vec) = v).
  { etransitivity; [|exact E]. clear -N. simpl in N. injection N as N. rewrite <- N. clear N.
    revert a. induction t as [|b t IH]; intros a; [reflexivity|]. exact (IH b). }
  rewrite <- V, <- app_removelast_last by discriminate. exact T.
Qed.

Lemma triangle_layer_mono : forall (D D' : set) f z y, (forall v, D v -> D' v) ->
  triangle_layer D f z y -> triangle_layer D' f z y.
Proof.
  intros D D' [rows|mask|] z y I; unfold triangle_layer; simpl; trivial.
  generalize 0%nat as j. revert mask y. induction z as [|a z IH]; intros mask [|b y] j; simpl;
    trivial. intros [A B]. split; [|now apply IH].
  destruct (hd false mask); [|assumption]. revert A. apply conv_mono.
  intros t (v & s & J & K). exists v, s. auto.
Qed.

Lemma triangle_reversed_is_layered : forall (X : set) fs t,
  triangle_reversed X fs t <-> layered triangle_layer X (rev fs) (rev t).
Proof.
  intros X. induction fs as [|f fs IH]; intros t.
  - destruct t as [|x [|y t]]; [simpl; tauto | simpl; tauto |].
    split; [simpl; tauto|]. intros T. apply layered_length in T. rewrite rev_length in T.
    simpl in T. lia.
  - assert (R : forall v, (exists s, triangle_reversed X fs (v :: s))
              <-> reach triangle_layer X (rev fs) (length (rev fs)) v).
    { intros v. split.
      - intros (s & T). apply IH in T. apply layered_last in T. simpl in T.
        now rewrite last_last in T.
      - intros V. apply reach_trace in V as (s & T); [|exact triangle_layer_sound].
        exists (rev s). apply IH. simpl. now rewrite rev_involutive. }
    cbn [rev]. destruct t as [|y [|z t]].
    + simpl. split; [tauto|]. intros T. apply layered_length in T. rewrite app_length in T.
      simpl in T. lia.
    + split; [cbn [triangle_reversed]; tauto|].
      intros T. apply layered_length in T. rewrite app_length, rev_length in T. simpl in T. lia.
    + cbn [triangle_reversed]. change (rev (y :: z :: t)) with (rev (z :: t) ++ [y]).
      rewrite layered_snoc, <- IH. simpl rev at 1.
      assert (V : last (rev (z :: t)) [] = z) by (simpl; apply last_last). rewrite V.
      split; intros [A B]; (split; [assumption|]).
      * apply (triangle_layer_mono (fun v => exists s, triangle_reversed X fs (v :: s)));
          [|exact B]. intros v. apply R.
      * apply (triangle_layer_mono _ (fun v => exists s, triangle_reversed X fs (v :: s))) in B;
          [exact B|]. intros v. apply R.
Qed.

Theorem triangle_is_layered : forall (X : set) net t,
  triangle X net t <-> layered triangle_layer X net t.
Proof.
  intros X net t. unfold triangle. now rewrite triangle_reversed_is_layered, !rev_involutive.
Qed.

(** ** Outputs *)

Section Outputs.

Variable net : network.
Variable X : polytope.
Variable claims : list (statement * nat).
Hypothesis all_true : Forall (true_of (inside X) net) (map fst claims).

Let N := length net.

Lemma last_of_trace : forall k t, proper k = true -> relaxed k (inside X) net t ->
  forall c j, amount [(c, (N, j))] t == c * output j (last_value t).
Proof.
  intros k t K T c j. apply (relaxed_layered net X k t K) in T. apply layered_length in T.
  cbn [amount]. unfold value_at. cbn [fst snd]. unfold output, last_value.
  assert (E : nth N t ([] : vec) = last t []).
  { clear -T. subst N. generalize dependent (length net). intros n. revert n.
    induction t as [|a [|b t] IH]; intros n T; simpl in T; try discriminate.
    - injection T as T. subst n. reflexivity.
    - injection T as T. subst n. exact (IH _ eq_refl). }
  change (c * nth j (nth N t ([] : vec)) 0 + 0 == c * nth j (last t []) 0). rewrite E. ring.
Qed.

Lemma stated : forall n s, nth_error (map fst claims) n = Some s -> true_of (inside X) net s.
Proof.
  intros n s E. apply nth_error_In in E. rewrite Forall_forall in all_true. now apply all_true.
Qed.

(** Statement [n] is that output [j] of the relaxation is at most [b]. *)
Lemma output_at_most : forall n k j b, proper k = true ->
  nth_error (map fst claims) n = Some (AtMost k [(1, (N, j))] b) ->
  forall t, relaxed k (inside X) net t -> output j (last_value t) <= b.
Proof.
  intros n k j b K E t T. pose proof (stated n _ E t T) as A.
  rewrite (last_of_trace k t K T) in A. lra.
Qed.

Lemma output_at_least : forall n k j b a, proper k = true ->
  nth_error (map fst claims) n = Some (AtMost k [(-(1), (N, j))] b) -> b == - a ->
  forall t, relaxed k (inside X) net t -> a <= output j (last_value t).
Proof.
  intros n k j b a K E B t T. pose proof (stated n _ E t T) as A.
  rewrite (last_of_trace k t K T) in A. lra.
Qed.

Lemma output_reaches : forall n k j b, proper k = true ->
  nth_error (map fst claims) n = Some (Reaches k [(1, (N, j))] b) ->
  admits (relaxed k) (inside X) net j b.
Proof.
  intros n k j b K E. destruct (stated n _ E) as (t & T & A). exists t.
  split; [assumption|]. rewrite (last_of_trace k t K T) in A. lra.
Qed.

Lemma output_reaches_below : forall n k j b a, proper k = true ->
  nth_error (map fst claims) n = Some (Reaches k [(-(1), (N, j))] b) -> b == - a ->
  admits (relaxed k) (inside X) net j a.
Proof.
  intros n k j b a K E B. destruct (stated n _ E) as (t & T & A). exists t.
  split; [assumption|]. rewrite (last_of_trace k t K T) in A. lra.
Qed.

End Outputs.

(** The exact relaxation is the network. *)

Lemma network_output : forall net X (Q0 : Q -> Prop) j,
  (forall t, relaxed Exact X net t -> Q0 (output j (last_value t))) ->
  forall x, X x -> Q0 (output j (eval net x)).
Proof. intros net X Q0 j H x I. rewrite <- last_run. apply H. now exists x. Qed.

Lemma network_attains : forall net X j a, admits (relaxed Exact) X net j a ->
  exists x, X x /\ output j (eval net x) == a.
Proof.
  intros net X j a (t & (x & I & ->) & E). exists x. now rewrite <- last_run.
Qed.

Lemma admits_triangle : forall X net j a, admits (relaxed Triangle) X net j a ->
  admits triangle X net j a.
Proof. intros X net j a (t & T & E). exists t. split; [now apply triangle_is_layered | exact
    E]. Qed.

Lemma minimum_of : forall X net j a,
  (forall t, relaxed Exact X net t -> a <= output j (last_value t)) ->
  admits (relaxed Exact) X net j a -> exact_minimum X net j a.
Proof.
  intros X net j a B A. split; [now apply (network_output net X (Qle a)) | now apply
      network_attains].
Qed.

Lemma maximum_of : forall X net j a,
  (forall t, relaxed Exact X net t -> output j (last_value t) <= a) ->
  admits (relaxed Exact) X net j a -> exact_maximum X net j a.
Proof.
  intros X net j a B A. split; [|now apply network_attains].
  now apply (network_output net X (fun q => q <= a)).
Qed.

(** No input satisfies rows under which [0 <= b] for a negative [b]. *)
Lemma nothing_satisfies : forall X net rs b, b < 0 -> true_of X net (Under rs [] b) ->
  forall x, X x -> ~ satisfies (run net x) rs.
Proof. intros X net rs b B H x I S. specialize (H x I S). simpl in H. lra. Qed.

(** ** What relaxations leave is convex *)

Definition is_relaxed (k : kind) : bool := match k with Exact | Assumed => false | _ => true end.

Theorem relaxed_convex : forall k X net t, is_relaxed k = true ->
  conv (relaxed k (inside X) net) t -> relaxed k (inside X) net t.
Proof.
  intros k X net t K C. assert (S : sized (dimension X) (inside X)) by now intros v [L _].
  pose proof (polytope_convex X) as V.
  destruct k as [| |m|m|r| |m|]; try discriminate; cbn [relaxed] in *; [| | |now apply
      P_convex| |];
    revert C; apply (layered_convex _) with (n := dimension X); trivial.
  - exact triangle_convex.
  - exact triangle_regular.
  - exact (krelu_convex m).
  - exact (krelu_regular m).
  - exact (M_convex m).
  - exact (M_regular m).
  - exact box_convex.
  - exact box_regular.
  - exact (line_convex m).
  - exact (step_regular (line_neuron m)).
Qed.

Lemma seen_convex : forall k X net ps x, is_relaxed k = true ->
  conv_of (seen k (inside X) net ps) x -> seen k (inside X) net ps x.
Proof.
  intros k X net ps x K C.
  destruct (conv_lift (at_places [ps]) (relaxed k (inside X) net) [x] (linear_at_places _))
      as (t & T & E).
  - revert C. apply conv_mono. intros s (v & (t & T & E) & ->). exists t.
    split; [assumption|]. now constructor.
  - exists t. split; [now apply relaxed_convex|]. now inversion E.
Qed.

(** The hull of what a relaxation leaves is what it leaves. *)
Theorem set_of_relaxation : forall X net k ps rows points, is_relaxed k = true ->
  true_of (inside X) net (HullOf k ps rows points) -> forall x, length x = length ps ->
  (seen k (inside X) net ps x <-> within rows x).
Proof.
  intros X net k ps rows points K (H & _) x L. rewrite <- (H x L). split.
  - intros S. apply conv_contains. now exists x.
  - now apply seen_convex.
Qed.
