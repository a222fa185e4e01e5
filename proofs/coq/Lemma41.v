(** * Identity layers blind windows that are not much longer

    Let [f1], then layers that are affine or the identity, then [h] be a network.  Windows of
    [r] layers, where [r] exceeds the number of those layers by one at most, admit what [h] and
    they make of every point in the hull of the values of [f1]. *)

From Coq Require Import QArith List Lqa Lia.
From Polyrelax Require Import Network Relaxation.
Import ListNotations.
Open Scope Q_scope.

Definition keeps_combinations (f : layer) : Prop :=
  match f with ReLU _ => False | _ => True end.

(** [sum_k w_k u_k] *)
Fixpoint mix (ws : vec) (us : list vec) : vec :=
  match ws, us with
  | w :: ws', u :: us' => add_vec (map (Qmult w) u) (mix ws' us')
  | _, _ => []
  end.

Fixpoint weighted_sum (ws : vec) (us : list vec) (g : vec -> Q) : Q :=
  match ws, us with
  | w :: ws', u :: us' => w * g u + weighted_sum ws' us' g
  | _, _ => 0
  end.

(** The trace that windows admit: mixtures of runs up to the last value of [f1], and then the
    run from there. *)
Fixpoint glued (ws : vec) (us : list vec) (f1 tail : network) : trace :=
  match f1 with
  | [] => run tail (mix ws us)
  | f :: fs => mix ws us :: glued ws (map (apply f) us) fs tail
  end.

(** ** Affine layers keep convex combinations *)

Lemma dot_add_vec : forall a u v, dot a (add_vec u v) == dot a u + dot a v.
Proof.
  induction a as [|c a IH]; intros u v; [simpl; ring|].
  destruct u, v; simpl; try ring. rewrite IH. ring.
Qed.

Lemma dot_scale : forall w a u, dot a (map (Qmult w) u) == w * dot a u.
Proof.
  induction a as [|c a IH]; intros [|y u]; simpl; try ring. rewrite IH. ring.
Qed.

Lemma dot_mix : forall a ws us, dot a (mix ws us) == weighted_sum ws us (dot a).
Proof.
  intros a. induction ws as [|w ws IH]; intros [|u us]; simpl; try now destruct a.
  rewrite dot_add_vec, dot_scale, IH. reflexivity.
Qed.

Lemma weighted_sum_constant : forall ws us g b, length ws = length us ->
  weighted_sum ws us (fun u => g u + b) == weighted_sum ws us g + sum ws * b.
Proof.
  induction ws as [|w ws IH]; intros [|u us] g b L; simpl in *; try discriminate; [ring|].
  rewrite IH by congruence. unfold sum. simpl. ring.
Qed.

Lemma add_vec_map : forall (A : Type) (rows : list A) f g,
  eqv (add_vec (map f rows) (map g rows)) (map (fun r => f r + g r) rows).
Proof.
  induction rows as [|r rows IH]; simpl; intros; [constructor|].
  constructor; [reflexivity | apply IH].
Qed.

Lemma mix_map : forall (A : Type) (rows : list A) (g : vec -> A -> Q) ws us,
  length ws = length us -> us <> [] ->
  eqv (mix ws (map (fun u => map (g u) rows) us))
      (map (fun r => weighted_sum ws us (fun u => g u r)) rows).
Proof.
  intros A rows g. induction ws as [|w ws IH]; intros [|u us] L N; simpl in *;
    try discriminate; try contradiction.
  rewrite map_map. destruct us as [|v us].
  - destruct ws; [|discriminate]. simpl. rewrite add_vec_nil.
    clear. induction rows as [|r rows IH]; simpl; [constructor|].
    constructor; [ring | exact IH].
  - eapply eqv_trans; [|apply add_vec_map]. apply add_vec_compat; [apply eqv_refl|].
    apply IH; [congruence | discriminate].
Qed.

Lemma apply_mix : forall f ws us, keeps_combinations f -> length ws = length us ->
  sum ws == 1 -> eqv (apply f (mix ws us)) (mix ws (map (apply f) us)).
Proof.
  intros [rows|mask|] ws us K L S; simpl in *; [|contradiction|].
  - assert (N : us <> []).
    { intros ->. destruct ws; [|discriminate]. unfold sum in S. simpl in S. lra. }
    assert (M := mix_map _ rows (fun u r => dot (fst r) u + snd r) ws us L N).
    assert (E : eqv (map (fun r => dot (fst r) (mix ws us) + snd r) rows)
                  (map (fun r => weighted_sum ws us (fun u => dot (fst r) u + snd r)) rows)).
    { clear M. induction rows as [|r rows IH]; simpl; [constructor|]. constructor; [|apply IH].
      rewrite weighted_sum_constant, dot_mix, S by assumption. ring. }
    exact (eqv_trans _ _ _ E (eqv_sym _ _ M)).
  - rewrite map_id. apply eqv_refl.
Qed.

(** ** Combinations of runs *)

Definition mixed_runs (ws : vec) (us : list vec) (net : network) : trace :=
  combination (combine ws (map (run net) us)).

Lemma combination_cons : forall (g : vec -> trace) ws us, length ws = length us -> us <> [] ->
  combination (combine ws (map (fun u => u :: g u) us))
  = mix ws us :: combination (combine ws (map g us)).
Proof.
  intros g. induction ws as [|w ws IH]; intros [|u us] L N; simpl in *;
    try discriminate; try contradiction.
  destruct us as [|v us].
  - destruct ws; [|discriminate]. simpl. now rewrite add_vec_nil, add_trace_nil.
  - change (fold_right (fun p t => add_trace (scale_trace (fst p) (snd p)) t) []
              (combine ws (map (fun u => u :: g u) (v :: us))))
      with (combination (combine ws (map (fun u => u :: g u) (v :: us)))).
    rewrite IH by (congruence || discriminate). reflexivity.
Qed.

Lemma combination_nil : forall (us : list vec) ws,
  combination (combine ws (map (fun _ => []) us)) = [].
Proof. induction us as [|u us IH]; intros [|w ws]; simpl; trivial. Qed.

Lemma mixed_runs_nil : forall ws us, length ws = length us -> us <> [] ->
  mixed_runs ws us [] = [mix ws us].
Proof.
  intros ws us L N. unfold mixed_runs.
  change (run []) with (fun u : vec => u :: (fun _ => []) u).
  rewrite combination_cons by assumption. now rewrite combination_nil.
Qed.

Lemma mixed_runs_cons : forall f fs ws us, length ws = length us -> us <> [] ->
  mixed_runs ws us (f :: fs) = mix ws us :: mixed_runs ws (map (apply f) us) fs.
Proof.
  intros f fs ws us L N. unfold mixed_runs.
  change (run (f :: fs)) with (fun u => u :: run fs (apply f u)).
  rewrite (combination_cons (fun u => run fs (apply f u))) by assumption. now rewrite map_map.
Qed.

Lemma map_not_nil : forall (A B : Type) (g : A -> B) l, l <> [] -> map g l <> [].
Proof. intros A B g [|a l] N; [contradiction | discriminate]. Qed.

Lemma run_head : forall net x, firstn 1 (run net x) = [x].
Proof. now destruct net. Qed.

Lemma affine_window : forall ws, sum ws == 1 -> forall mid h us k y,
  length ws = length us -> us <> [] -> Forall keeps_combinations mid -> (k <= length mid)%nat ->
  eqv y (mix ws us) ->
  eqt (firstn (S k) (run (mid ++ h) y)) (mixed_runs ws us (firstn k (mid ++ h))).
Proof.
  intros ws S. induction mid as [|g mid IH]; intros h us k y L N K B E.
  - simpl in B. assert (k = 0%nat) by lia. subst k.
    rewrite run_head. simpl firstn. rewrite mixed_runs_nil by assumption.
    now repeat constructor.
  - destruct k as [|k].
    + rewrite run_head. simpl firstn. rewrite mixed_runs_nil by assumption.
      now repeat constructor.
    + cbn [app run firstn]. rewrite mixed_runs_cons by assumption. constructor; [assumption|].
      inversion K as [|? ? K1 K2]; subst. simpl in B.
      apply IH; [now rewrite map_length | now apply map_not_nil | assumption | lia |].
      eapply eqv_trans; [now apply apply_compat, E | now apply apply_mix].
Qed.

Lemma glued_window : forall ws mid h, sum ws == 1 -> Forall keeps_combinations mid ->
  forall f1 us k, length ws = length us -> us <> [] -> (k <= length f1 + length mid)%nat ->
  eqt (firstn (S k) (glued ws us f1 (mid ++ h))) (mixed_runs ws us (firstn k (f1 ++ mid ++ h))).
Proof.
  intros ws mid h S K. induction f1 as [|f fs IH]; intros us k L N B.
  - simpl. apply affine_window; trivial. apply eqv_refl.
  - destruct k as [|k].
    + simpl firstn. rewrite mixed_runs_nil by assumption. apply eqt_refl.
    + cbn [glued app firstn]. rewrite mixed_runs_cons by assumption.
      constructor; [apply eqv_refl|]. simpl in B.
      apply IH; [now rewrite map_length | now apply map_not_nil | lia].
Qed.

Lemma length_run : forall net x, length (run net x) = S (length net).
Proof. induction net; intros x; simpl; [reflexivity | now rewrite IHnet]. Qed.

Lemma length_glued : forall ws tail f1 us,
  length (glued ws us f1 tail) = S (length f1 + length tail).
Proof.
  intros ws tail. induction f1 as [|f fs IH]; intros us; simpl; [apply length_run|].
  now rewrite IH.
Qed.

Lemma last_glued : forall ws tail f1 us,
  last_value (glued ws us f1 tail) = eval tail (mix ws (map (eval f1) us)).
Proof.
  intros ws tail. induction f1 as [|f fs IH]; intros us.
  - simpl. rewrite last_run. now rewrite map_id.
  - specialize (IH (map (apply f) us)). rewrite map_map in IH. simpl. rewrite <- IH.
    pose proof (length_glued ws tail fs (map (apply f) us)) as L.
    unfold last_value. simpl. now destruct (glued ws (map (apply f) us) fs tail).
Qed.

Lemma weights_of : forall (A : Type) (ws : vec) (l : list A), length ws = length l ->
  map fst (combine ws l) = ws.
Proof.
  induction ws as [|w ws IH]; intros [|a l] L; simpl in *; try discriminate; trivial.
  now rewrite IH by congruence.
Qed.

Lemma not_empty : forall ws (us : list vec), convex_weights ws -> length ws = length us ->
  us <> [].
Proof.
  intros ws us [_ W] L ->. destruct ws; [|discriminate]. unfold sum in W. simpl in W. lra.
Qed.

Lemma mixed_runs_in_hull : forall (X : set) ws us net t, convex_weights ws ->
  length ws = length us -> Forall X us -> eqt t (mixed_runs ws us net) -> conv (runs net X) t.
Proof.
  intros X ws us net t W L I E. exists (combine ws (map (run net) us)).
  rewrite weights_of by now rewrite map_length.
  split; [assumption|]. split; [|exact E]. clear - I. revert ws.
  induction I as [|u us U I IH]; intros [|w ws]; simpl; constructor; [now exists u | apply IH].
Qed.

Lemma mix_in_hull : forall f (X : set) ws us, convex_weights ws -> length ws = length us ->
  Forall X us -> hull_behind f X (mix ws (map (apply f) us)).
Proof.
  intros f X ws us W L I.
  pose proof (not_empty ws us W L) as N.
  exists (combine ws (map (fun u => [apply f u]) us)).
  rewrite weights_of by now rewrite map_length. split; [assumption|]. split.
  - clear - I. revert ws. induction I as [|u us U I IH]; intros [|w ws]; simpl; constructor;
      [now exists u | apply IH].
  - pose proof (combination_cons (fun _ => []) ws (map (apply f) us)) as C.
    rewrite map_length in C. specialize (C L (map_not_nil _ _ _ _ N)).
    rewrite combination_nil, map_map in C. rewrite C. apply eqt_refl.
Qed.

(** ** The lemma *)

Section Lemma.

Variables (r : nat) (ws : vec) (mid h : network).
Hypotheses (W : convex_weights ws) (K : Forall keeps_combinations mid)
  (B : (r <= S (length mid))%nat).

Lemma window_in_hull : forall f f1 (X : set) us, length ws = length us -> Forall X us ->
  conv (runs (firstn r ((f :: f1) ++ mid ++ h)) X)
       (firstn (S r) (glued ws us (f :: f1) (mid ++ h))).
Proof.
  intros f f1 X us L I. apply (mixed_runs_in_hull X ws us); trivial.
  apply glued_window; [apply W | exact K | exact L | exact (not_empty ws us W L) | simpl; lia].
Qed.

(** [P] asks for a window and the rest, or, where one window covers all, for that. *)
Lemma P_step : forall f fs (X : set) t, length t = S (length (f :: fs)) ->
  conv (runs (firstn r (f :: fs)) X) (firstn (S r) t) -> P r (hull_behind f X) fs (tl t) ->
  P r X (f :: fs) t.
Proof.
  intros f fs X t L V R. cbn [P]. destruct (PeanoNat.Nat.leb_spec (length (f :: fs)) r).
  - rewrite !firstn_all2 in V; [exact V | lia | lia].
  - now split.
Qed.

Lemma glued_admitted : forall f1 f (X : set) us, length ws = length us -> Forall X us ->
  P r X ((f :: f1) ++ mid ++ h) (glued ws us (f :: f1) (mid ++ h)).
Proof.
  induction f1 as [|g f1 IH]; intros f X us L I; apply P_step.
  - now rewrite length_glued, <- app_length.
  - exact (window_in_hull f [] X us L I).
  - apply P_sound. now apply mix_in_hull.
  - now rewrite length_glued, <- app_length.
  - exact (window_in_hull f (g :: f1) X us L I).
  - apply (IH g (hull_behind f X) (map (apply f) us)); [now rewrite map_length|].
    apply Forall_map. eapply Forall_impl; [|exact I]. intros u U.
    apply (hull_behind_value f X u); [assumption | apply eqv_refl].
Qed.

End Lemma.

Theorem windows_admit_values_on_the_hull :
  forall (X : set) (f1 mid h : network) (r : nat) (ws : vec) (us : list vec),
  f1 <> [] -> Forall keeps_combinations mid -> (r <= S (length mid))%nat ->
  convex_weights ws -> length ws = length us -> Forall X us ->
  exists t, P r X (f1 ++ mid ++ h) t
            /\ last_value t = eval (mid ++ h) (mix ws (map (eval f1) us)).
Proof.
  intros X [|f f1] mid h r ws us F K B W L I; [contradiction|].
  exists (glued ws us (f :: f1) (mid ++ h)).
  split; [now apply glued_admitted | apply last_glued].
Qed.
