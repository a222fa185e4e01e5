(** * Points of relaxations, by chains of convex combinations *)

From Coq Require Import QArith List Bool.
From Polyrelax Require Import Network Traces Symbolic Relaxation.
Import ListNotations.
Open Scope Q_scope.

Fixpoint all2 {A B} (test : A -> B -> bool) (l : list A) (m : list B) : bool :=
  match l, m with
  | [], [] => true
  | a :: l', b :: m' => test a b && all2 test l' m'
  | _, _ => false
  end.

Definition same_trace : trace -> trace -> bool := all2 (all2 Qeq_bool).

Definition is_inside (X : polytope) (x : vec) : bool :=
  (length x =? dimension X)%nat
  && forallb (fun row => Qle_bool (dot (fst row) x) (snd row)) (constraints X).

(** [t] is the combination of [ts] with the weights [ws]. *)
Definition in_hull (ws : vec) (ts : list trace) (t : trace) : bool :=
  let ps := combine ws ts in
  forallb (Qle_bool 0) (map fst ps) && Qeq_bool (sum (map fst ps)) 1
  && same_trace t (combination ps).

(** ** Points of [P r]

    The certificate has points of [X], weights of points of each [D_{i+1}] over the images of
    those of [D_i], and weights of each window over the runs from those of [D_i]. *)

Record hull_point := {
  admitted : trace;
  inputs : list vec;
  levels : list (list vec);
  windows : list vec
}.

Definition images (f : layer) (K : list vec) : list trace := map (fun u => [apply f u]) K.

Definition mixture (f : layer) (K : list vec) (ws : vec) : vec :=
  hd [] (combination (combine ws (images f K))).

Fixpoint in_P (r : nat) (K : list vec) (net : network) (t : trace)
    (levels : list (list vec)) (windows : list vec) : bool :=
  match net with
  | [] => in_hull (hd [] windows) (map (run []) K) t
  | f :: fs =>
      if (length net <=? r)%nat then in_hull (hd [] windows) (map (run net) K) t
      else in_hull (hd [] windows) (map (run (firstn r net)) K) (firstn (S r) t)
           && forallb (fun ws => in_hull ws (images f K) [mixture f K ws]) (hd [] levels)
           && in_P r (map (mixture f K) (hd [] levels)) fs (tl t) (tl levels) (tl windows)
  end.

Definition check_P_admits r X net k b (c : hull_point) : bool :=
  forallb (is_inside X) (inputs c)
  && in_P r (inputs c) net (admitted c) (levels c) (windows c)
  && Qeq_bool (output k (last_value (admitted c))) b.

(** ** Points of the triangle relaxation

    The certificate lists, from the last layer to the first, traces of the layers so far.  Each
    extends one of the traces before it, and at each neuron its pair is a combination of
    points of the graph over the values of these traces. *)

Record extension := { parent : nat; next_value : vec; weights : list vec }.

Record triangle_point := { input_points : list vec; extensions : list (list extension) }.

Definition graph_points (pool : list trace) (j : nat) : list trace :=
  flat_map (fun t => match nth_error (hd [] t) j with
                     | Some s => [[[s; relu s]]]
                     | None => []
                     end) pool.

Fixpoint relu_in_hull (pool : list trace) (j : nat) (mask : list bool) (z y : vec)
    (wss : list vec) : bool :=
  match z, y with
  | [], [] => true
  | a :: z', b :: y' =>
      (if hd false mask then in_hull (hd [] wss) (graph_points pool j) [[a; b]]
       else Qeq_bool b a)
      && relu_in_hull pool (S j) (tl mask) z' y' (tl wss)
  | _, _ => false
  end.

Definition step_in_hull (pool : list trace) (f : layer) (z y : vec) (wss : list vec) : bool :=
  match f with
  | ReLU mask => relu_in_hull pool 0 mask z y wss
  | _ => all2 Qeq_bool y (apply f z)
  end.

Definition extended (pool : list trace) (f : layer) (e : extension) : list trace :=
  match nth_error pool (parent e) with
  | Some ((z :: _) as t) =>
      if step_in_hull pool f z (next_value e) (weights e) then [next_value e :: t] else []
  | _ => []
  end.

Fixpoint pool_of (X : polytope) (fs : list layer) (xs : list vec) (es : list (list extension))
    : list trace :=
  match fs with
  | [] => map (fun x => [x]) (filter (is_inside X) xs)
  | f :: fs' =>
      let pool := pool_of X fs' xs (tl es) in flat_map (extended pool f) (hd [] es)
  end.

Definition check_triangle_admits X net k b (c : triangle_point) : bool :=
  existsb (fun t => Qeq_bool (output k (hd [] t)) b)
          (pool_of X (rev net) (input_points c) (extensions c)).

(** ** Soundness *)

Lemma all2_sound : forall A B (test : A -> B -> bool) (R : A -> B -> Prop),
  (forall a b, test a b = true -> R a b) ->
  forall l m, all2 test l m = true -> Forall2 R l m.
Proof.
  intros A B test R H. induction l as [|a l IH]; intros [|b m] E; simpl in E; try discriminate.
  - constructor.
  - apply andb_prop in E as [E E']. constructor; auto.
Qed.

Lemma eqv_sound : forall u v, all2 Qeq_bool u v = true -> eqv u v.
Proof. apply all2_sound. apply Qeq_bool_eq. Qed.

Lemma same_trace_sound : forall s t, same_trace s t = true -> eqt s t.
Proof. apply all2_sound. apply eqv_sound. Qed.

Lemma is_inside_sound : forall X x, is_inside X x = true -> inside X x.
Proof.
  intros X x E. apply andb_prop in E as [E F]. split.
  - now apply PeanoNat.Nat.eqb_eq.
  - apply Forall_forall. intros r R. rewrite forallb_forall in F.
    now apply Qle_bool_iff, F.
Qed.

Lemma combine_map_snd : forall (S : trace -> Prop) (ws : vec) ts,
  Forall S ts -> Forall S (map snd (combine ws ts)).
Proof.
  intros S. induction ws as [|w ws IH]; intros ts F; simpl; [constructor|].
  destruct F; simpl; constructor; auto.
Qed.

Lemma in_hull_sound : forall (S : trace -> Prop) ws ts t,
  Forall S ts -> in_hull ws ts t = true -> conv S t.
Proof.
  intros S ws ts t F E. apply andb_prop in E as [E E3]. apply andb_prop in E as [E1 E2].
  exists (combine ws ts). repeat split.
  - apply Forall_forall. intros w W. rewrite forallb_forall in E1. now apply Qle_bool_iff, E1.
  - now apply Qeq_bool_eq.
  - now apply combine_map_snd.
  - now apply same_trace_sound.
Qed.

Lemma in_P_sound : forall r net (X : set) K t ls ws, Forall X K ->
  in_P r K net t ls ws = true -> P r X net t.
Proof.
  intros r net. induction net as [|f fs IH]; intros X K t ls ws F E.
  - apply (in_hull_sound _ _ _ _) with (2 := E). apply Forall_map.
    eapply Forall_impl; [|exact F]. intros x I. now exists x.
  - cbn [in_P P] in *. destruct (length (f :: fs) <=? r)%nat.
    + apply (in_hull_sound _ _ _ _) with (2 := E). apply Forall_map.
      eapply Forall_impl; [|exact F]. intros x I. now exists x.
    + apply andb_prop in E as [E E3]. apply andb_prop in E as [E1 E2]. split.
      * apply (in_hull_sound _ _ _ _) with (2 := E1). apply Forall_map.
        eapply Forall_impl; [|exact F]. intros x I. now exists x.
      * apply (IH _ _ _ _ _) with (2 := E3). apply Forall_map, Forall_forall. intros w W.
        rewrite forallb_forall in E2. apply (in_hull_sound _ _ _ _) with (2 := E2 w W).
        apply Forall_map. eapply Forall_impl; [|exact F]. intros x I. now exists x.
Qed.

Theorem check_P_admits_sound : forall r X net k b c, check_P_admits r X net k b c = true ->
  admits (P r) (inside X) net k b.
Proof.
  intros r X net k b c E. apply andb_prop in E as [E E3]. apply andb_prop in E as [E1 E2].
  exists (admitted c). split; [|now apply Qeq_bool_eq].
  apply (in_P_sound r net (inside X) _ _ _ _) with (2 := E2).
  apply Forall_forall. intros x I. rewrite forallb_forall in E1. now apply is_inside_sound, E1.
Qed.

Definition reached (X : set) (fs : list layer) : set :=
  fun v => exists s, triangle_reversed X fs (v :: s).

Lemma graph_points_sound : forall (X : set) fs pool j, Forall (triangle_reversed X fs) pool ->
  Forall (fun t => exists v s, reached X fs v /\ nth_error v j = Some s /\ t = [[s; relu s]])
    (graph_points pool j).
Proof.
  intros X fs pool j F. apply Forall_flat_map. eapply Forall_impl; [|exact F].
  intros [|v t] T; simpl; [destruct j; constructor|].
  destruct (nth_error v j) as [s|] eqn:E; repeat constructor.
  exists v, s. repeat split; [now exists t | assumption].
Qed.

Lemma relu_in_hull_sound : forall X fs pool, Forall (triangle_reversed X fs) pool ->
  forall z j mask y wss, relu_in_hull pool j mask z y wss = true ->
  relu_step (triangle_neuron (reached X fs)) j mask z y.
Proof.
  intros X fs pool F. induction z as [|a z IH]; intros j mask [|b y] wss E;
    simpl in E; try discriminate; simpl; [trivial|].
  apply andb_prop in E as [E E']. split; [|now apply (IH _ _ _ (tl wss))].
  destruct (hd false mask); [|now apply Qeq_bool_eq].
  apply (in_hull_sound _ _ _ _ (graph_points_sound X fs pool j F) E).
Qed.

Lemma step_in_hull_sound : forall X fs pool f z y wss, Forall (triangle_reversed X fs) pool ->
  step_in_hull pool f z y wss = true -> step (triangle_neuron (reached X fs)) f z y.
Proof.
  intros X fs pool [rows|mask|] z y wss F E; simpl in *; try now apply eqv_sound.
  now apply (relu_in_hull_sound X fs pool F z 0 mask y wss).
Qed.

Lemma pool_of_sound : forall X fs xs es,
  Forall (triangle_reversed (inside X) fs) (pool_of X fs xs es).
Proof.
  intros X. induction fs as [|f fs IH]; intros xs es; simpl.
  - apply Forall_map, Forall_forall. intros x I. apply filter_In in I as [_ I].
    now apply is_inside_sound.
  - specialize (IH xs (tl es)). set (pool := pool_of X fs xs (tl es)) in *.
    apply Forall_flat_map, Forall_forall. intros e _. unfold extended.
    destruct (nth_error pool (parent e)) as [[|z t]|] eqn:N; try constructor.
    destruct (step_in_hull pool f z (next_value e) (weights e)) eqn:E; repeat constructor.
    + apply nth_error_In in N. rewrite Forall_forall in IH. now apply IH.
    + now apply (step_in_hull_sound (inside X) fs pool f z _ (weights e)).
Qed.

Theorem check_triangle_admits_sound : forall X net k b c,
  check_triangle_admits X net k b c = true -> admits triangle (inside X) net k b.
Proof.
  intros X net k b c E. apply existsb_exists in E as (t & I & E). apply Qeq_bool_eq in E.
  exists (rev t). pose proof (pool_of_sound X (rev net) (input_points c) (extensions c)) as F.
  rewrite Forall_forall in F. specialize (F t I). unfold triangle.
  rewrite rev_involutive. split; [assumption|].
  destruct t as [|v t]; simpl in *; [now rewrite <- E|].
  unfold last_value. now rewrite last_last.
Qed.
