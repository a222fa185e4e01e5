(** * Rows that follow from other rows

    A row [form <= limit] is proved by multiples of known rows.  What they leave of the form is
    carried back through the layers to the inputs, and bounded there by constraints that read
    one input.  In a case split the signs of some neurons are known besides. *)

From Coq Require Import ZArith QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Farkas Symbolic PhaseTree Relaxation Layered Lines.
Import ListNotations.
Open Scope Q_scope.

(** ** Places as variables *)

Fixpoint shifted (i : nat) (p : positive) : positive :=
  match i with O => p | S i' => xO (shifted i' p) end.

(** [2^i (2 j + 1)] *)
Definition code (p : place) : positive := shifted (fst p) (Pos.of_succ_nat (snd p + snd p)).

Fixpoint decode (p : positive) : place :=
  match p with
  | xO q => let '(i, j) := decode q in (S i, j)
  | _ => (O, Nat.div2 (Pos.to_nat p))
  end.

Lemma decode_code : forall p, decode (code p) = p.
Proof.
  intros [i j]. unfold code. simpl. induction i as [|i IH]; simpl.
  - assert (T : Pos.to_nat (Pos.of_succ_nat (j + j)) = S (2 * j))
      by (rewrite SuccNat2Pos.id_succ; lia).
    destruct (Pos.of_succ_nat (j + j)) as [q|q|] eqn:E; cbn [decode]; rewrite ?T.
    + now rewrite PeanoNat.Nat.div2_succ_double.
    + exfalso. lia.
    + now rewrite PeanoNat.Nat.div2_succ_double.
  - now rewrite IH.
Qed.

Definition point_of_trace (t : trace) : point := fun p => value_at t (decode p).

Definition at_place (p : place) : affine := variable (code p).

Lemma represents_place : forall t p, represents (point_of_trace t) (at_place p) (value_at t p).
Proof.
  intros. apply represents_variable. unfold point_of_trace. now rewrite decode_code.
Qed.

(** [form + b] *)
Fixpoint affine_of (f : form) (b : Q) : affine :=
  match f with
  | [] => constantly b
  | (c, p) :: f' => add_multiple c (at_place p) (affine_of f' b)
  end.

Lemma represents_affine_of : forall t f b,
  represents (point_of_trace t) (affine_of f b) (amount f t + b).
Proof.
  induction f as [|[c p] f IH]; intros b; cbn [affine_of amount].
  - apply (represents_compat _ _ b); [ring | apply represents_constantly].
  - apply (represents_compat _ _ (c * value_at t p + (amount f t + b))); [ring|].
    apply represents_add_multiple; [apply represents_place | apply IH].
Qed.

(** ** Rows and reasons *)

(** [Boxed] is interval bound propagation, [Lined] back-substitution; [Assumed] rows hold for
    the runs that satisfy what is assumed. *)
Inductive kind :=
| Exact | Triangle | KReLU (k : nat) | MultiNeuron (k : nat) | Windowed (r : nat)
| Boxed | Lined (m : method) | Assumed.

Record known_row := { of : kind; depth : nat; row_form : form; row_limit : Q }.

Inductive reason :=
| Known (k : nat)  (** an earlier row *)
| Input (k : nat)  (** a constraint of the input set *)
| Positive (p : place)  (** [0 <= y], of a neuron's output *)
| Above (p : place)  (** [z <= y] *)
| Upper (p : place) (low high : nat)  (** the triangle's line, by rows that bound [z] *)
| Sign (p : place)  (** the sign of [z], in a case *)
| Lower (p : place) (range : nat).  (** the method's line, by the range of [z] *)

Definition terms := list (Q * reason).

Inductive cases :=
| Leaf (l : terms)
| Empty (l : terms)  (** the terms exclude this case *)
| Branch (p : place) (off on : cases).

Definition phases := list (place * bool).

Definition same_place (p q : place) : bool :=
  (fst p =? fst q)%nat && (snd p =? snd q)%nat.

Fixpoint phase (ph : phases) (p : place) : option bool :=
  match ph with
  | [] => None
  | (q, b) :: ph' => if same_place q p then Some b else phase ph' p
  end.

Definition input_of (p : place) : place := (pred (fst p), snd p).

(** Whether [p] is the output of a ReLU neuron of the first [d] layers. *)
Definition is_neuron (net : network) (d : nat) (p : place) : bool :=
  match fst p with
  | O => false
  | S i => (S i <=? d)%nat
           && match nth_error net i with
              | Some (ReLU mask) => nth (snd p) mask false
              | _ => false
              end
  end.

(** The bound of a single place that a row states: [(lower, upper)] *)
Definition bound_of (p : place) (r : known_row) : option (option Q * option Q) :=
  match row_form r with
  | [(c, q)] =>
      if same_place q p then
        if Qle_bool c 0 then if Qle_bool 0 c then None else Some (Some (row_limit r / c), None)
        else Some (None, Some (row_limit r / c))
      else None
  | _ => None
  end.

(** [y - line(z)], the triangle over [l <= z <= u] *)
Definition line_form (p : place) (l u : Q) : form * Q :=
  if Qle_bool u 0 then ([(1, p)], 0)
  else if Qle_bool 0 l then ([(1, p); (-(1), input_of p)], 0)
  else let k := Qred (u / (u - l)) in ([(1, p); (- k, input_of p)], k * l).

(** What a relaxation knows of neurons besides the triangle's line: whether [0 <= y] and
    [z <= y], and slopes of lines below by ranges of [z] that are known. *)
Record neuron_rules := {
  rectifies : bool;
  line_below : Q -> Q -> option Q;
  range_of : nat -> option (place * (Q * Q))
}.

Section Checker.

Variable net : network.
Variable X : polytope.
Variable rows : list known_row.
(** Which earlier rows may be used, and which may bound a neuron's input. *)
Variables uses bases : known_row -> bool.
Variable neurons : neuron_rules.

Definition the_row (k : nat) : option known_row := nth_error rows k.

(** A reason as [form + constant <= 0], about the first [d] layers. *)
Definition reason_form (d : nat) (ph : phases) (r : reason) : option (form * Q) :=
  match r with
  | Known k =>
      match nth_error rows k with
      | Some r => if uses r && (depth r <=? d)%nat then Some (row_form r, - row_limit r)
                  else None
      | None => None
      end
  | Input k => option_map (fun c => (dot_form 0 0 (fst c), - snd c))
                 (nth_error (constraints X) k)
  | Positive p =>
      if rectifies neurons && is_neuron net d p then Some ([(-(1), p)], 0) else None
  | Above p =>
      if rectifies neurons && is_neuron net d p then Some ([(-(1), p); (1, input_of p)], 0)
      else None
  | Upper p low high =>
      if is_neuron net d p then
        match nth_error rows low, nth_error rows high with
        | Some rl, Some rh =>
            if bases rl && bases rh && (S (depth rl) <=? fst p)%nat
               && (S (depth rh) <=? fst p)%nat then
              match bound_of (input_of p) rl, bound_of (input_of p) rh with
              | Some (Some l, _), Some (_, Some u) => Some (line_form p l u)
              | _, _ => None
              end
            else None
        | _, _ => None
        end
      else None
  | Sign p =>
      match phase ph p with
      | Some true => Some ([(-(1), input_of p)], 0)
      | Some false => Some ([(1, input_of p)], 0)
      | None => None
      end
  | Lower p n =>
      match range_of neurons n with
      | Some (q, (l, u)) =>
          if is_neuron net d p && same_place q (input_of p) then
            option_map (fun s => ([(s, input_of p); (-(1), p)], 0)) (line_below neurons l u)
          else None
      | None => None
      end
  end.

(** [g - sum of the terms]; no term may have a negative multiplier. *)
Fixpoint subtract (d : nat) (ph : phases) (l : terms) (g : affine) : option affine :=
  match l with
  | [] => Some g
  | (m, r) :: l' =>
      match reason_form d ph r with
      | Some (f, b) =>
          if Qle_bool 0 m then
            option_map (add_multiple (- m) (affine_of f b)) (subtract d ph l' g)
          else None
      | None => None
      end
  end.

(** ** Carrying back

    [(p, (above, below))]: both are at most 0; one has the coefficient 1 at [p], one -1. *)
Definition rule := (positive * (affine * affine))%type.

Definition equation (p : place) (f : form) (b : Q) : rule :=
  let h := affine_of f b in
  (code p, (add_multiple (-(1)) h (at_place p), add_multiple (-(1)) (at_place p) h)).

Fixpoint indexed {A} (j : nat) (l : list A) : list (nat * A) :=
  match l with [] => [] | a :: l' => (j, a) :: indexed (S j) l' end.

(** The rules of the layer from [i] to [i + 1], which reads [width] values. *)
Definition layer_rules (ph : phases) (i width : nat) (f : layer) : list rule :=
  match f with
  | Affine rs => map (fun jr => equation (S i, fst jr) (dot_form i 0 (fst (snd jr)))
                                  (snd (snd jr))) (indexed 0 rs)
  | ReLU mask => flat_map (fun j =>
      if nth j mask false then
        match phase ph (S i, j) with
        | Some true => [equation (S i, j) [(1, (i, j))] 0]
        | Some false => [equation (S i, j) [] 0]
        | None => []
        end
      else [equation (S i, j) [(1, (i, j))] 0]) (seq 0 width)
  | Identity => map (fun j => equation (S i, j) [(1, (i, j))] 0) (seq 0 width)
  end.

Definition width_behind (f : layer) (width : nat) : nat :=
  match f with Affine rs => length rs | _ => width end.

(** Of all layers in [fs], the last one first. *)
Fixpoint rules_of (ph : phases) (i width : nat) (fs : list layer) : list rule :=
  match fs with
  | [] => []
  | f :: fs' => rules_of ph (S i) (width_behind f width) fs' ++ layer_rules ph i width f
  end.

Definition lone (row : vec * Q) : option (nat * Q) :=
  match filter (fun jc => negb (Qeq_bool (snd jc) 0)) (indexed 0 (fst row)) with
  | [jc] => Some jc
  | _ => None
  end.

(** [row / |c|], where the row reads one input only, with the coefficient [c]. *)
Definition input_rules : list rule :=
  flat_map (fun row =>
    match lone row with
    | Some (j, c) =>
        let h k := add_multiple k (affine_of (dot_form 0 0 (fst row)) (- snd row))
                     (constantly 0) in
        if Qle_bool c 0 then [(code (0%nat, j), (constantly 0, h (/ - c)))]
        else [(code (0%nat, j), (h (/ c), constantly 0))]
    | None => []
    end) (constraints X).

Fixpoint coefficient (p : positive) (l : linear) : Z :=
  match l with
  | [] => 0%Z
  | (q, c) :: l' => if Pos.eqb q p then c else coefficient p l'
  end.

Definition carry (g : affine) (r : rule) : affine :=
  let c := coefficient (fst r) (linear_part g) in
  if (c =? 0)%Z then g
  else if (0 <? c)%Z then add_multiple (- (c # denominator g)) (fst (snd r)) g
  else add_multiple (c # denominator g) (snd (snd r)) g.

Definition carried (d : nat) (ph : phases) (g : affine) : affine :=
  fold_left carry (rules_of ph 0 (dimension X) (firstn d net) ++ input_rules) g.

Definition is_constant (g : affine) : option Q :=
  match linear_part g with [] => Some (constant g # denominator g) | _ => None end.

Definition implied (d : nat) (ph : phases) (l : terms) (f : form) (b : Q) : bool :=
  match subtract d ph l (affine_of f (- b)) with
  | Some g =>
      match is_constant (carried d ph g) with Some q => Qle_bool q 0 | None => false end
  | None => false
  end.

Definition excluded (d : nat) (ph : phases) (l : terms) : bool :=
  match subtract d ph l (constantly 0) with
  | Some g =>
      match is_constant (carried d ph g) with
      | Some q => negb (Qle_bool 0 q)
      | None => false
      end
  | None => false
  end.

(** Neurons behind more than [s] layers may be split. *)
Fixpoint covers (s d : nat) (ph : phases) (t : cases) (f : form) (b : Q) : bool :=
  match t with
  | Leaf l => implied d ph l f b
  | Empty l => excluded d ph l
  | Branch p off on =>
      is_neuron net d p && (s <? fst p)%nat
      && covers s d ((p, false) :: ph) off f b && covers s d ((p, true) :: ph) on f b
  end.

(** ** Soundness *)

Variable L : layer_relaxation.

(** [L] obeys the rules for neurons. *)
Definition obeys : Prop :=
  (forall (D : set) f z y, D z -> L D f z y -> joined f z y /\ triangular D f z y)
  /\ (rectifies neurons = true -> tight L)
  /\ (forall (D : set) mask z y j l u s, D z -> L D (ReLU mask) z y -> nth j mask false = true ->
      exact_range D j l u -> line_below neurons l u = Some s -> s * nth j z 0 <= nth j y 0)
  /\ (forall n p l u, range_of neurons n = Some (p, (l, u)) -> (fst p <= length net)%nat ->
      exact_range (reach L (inside X) net (fst p)) (snd p) l u).

Hypothesis L_obeys : obeys.
Hypothesis bases_hold : forall r, In r rows -> bases r = true -> forall t,
  layered L (inside X) (firstn (depth r) net) t -> amount (row_form r) t <= row_limit r.
Hypothesis rows_local : forall r, In r rows ->
  Forall (fun cp => (fst (snd cp) <= depth r)%nat) (row_form r).

Variable d : nat.
Variable t : trace.
Hypothesis t_layered : layered L (inside X) (firstn d net) t.
Hypothesis rows_hold : forall r, In r rows -> uses r = true -> (depth r <= d)%nat ->
  amount (row_form r) t <= row_limit r.

Definition exact_at (s : nat) : Prop := forall i mask j, (s <= i < d)%nat ->
  nth_error net i = Some (ReLU mask) -> nth j mask false = true ->
  value_at t (S i, j) == relu (value_at t (i, j)).

Definition phases_hold (ph : phases) : Prop := forall p b, phase ph p = Some b ->
  is_neuron net d p = true
  /\ if b then 0 <= value_at t (input_of p) /\ value_at t p == value_at t (input_of p)
     else value_at t (input_of p) <= 0 /\ value_at t p == 0.

Let x : point := point_of_trace t.

Definition at_most_zero (f : affine) : Prop := exists v, represents x f v /\ v <= 0.

Lemma same_place_eq : forall p q, same_place p q = true -> p = q.
Proof.
  intros [i j] [k l] E. apply andb_prop in E as [A B]. simpl in *.
  apply PeanoNat.Nat.eqb_eq in A, B. now subst.
Qed.

Lemma neuron_layer : forall p, is_neuron net d p = true -> exists i mask,
  fst p = S i /\ (i < d)%nat /\ nth_error net i = Some (ReLU mask)
  /\ nth (snd p) mask false = true.
Proof.
  intros [[|i] j] N; cbn in N; [discriminate|]. apply andb_prop in N as [A B].
  destruct (nth_error net i) as [[|mask|]|] eqn:E; try discriminate.
  exists i, mask. cbn. repeat split; trivial. destruct d; [discriminate|].
  apply PeanoNat.Nat.leb_le in A. lia.
Qed.

Lemma nth_error_firstn_lt : forall (A : Type) (l : list A) i n, (i < n)%nat ->
  nth_error (firstn n l) i = nth_error l i.
Proof.
  induction l as [|a l IH]; intros [|i] [|n] H; simpl; trivial; try lia. apply IH. lia.
Qed.

Lemma layer_at : forall i f, (i < d)%nat -> nth_error net i = Some f ->
  joined f (nth i t []) (nth (S i) t [])
  /\ triangular (reach L (inside X) (firstn d net) i) f (nth i t []) (nth (S i) t []).
Proof.
  intros i f I N. rewrite <- (nth_error_firstn_lt _ net i d I) in N.
  destruct (layered_step _ _ _ _ t_layered i f N) as [R S]. now apply L_obeys.
Qed.

Lemma neuron_facts : forall p, rectifies neurons && is_neuron net d p = true ->
  0 <= value_at t p /\ value_at t (input_of p) <= value_at t p.
Proof.
  intros p N. apply andb_prop in N as [F N].
  destruct (neuron_layer p N) as (i & mask & E & I & M & J).
  destruct p as [pi j]. simpl in E, J. subst pi. unfold value_at, input_of. cbn [fst snd pred].
  rewrite <- (nth_error_firstn_lt _ net i d I) in M.
  destruct (layered_step _ _ _ _ t_layered i _ M) as [R S].
  destruct L_obeys as (_ & T & _). destruct (T F _ _ _ _ R S) as [K _].
  specialize (K j). now rewrite J in K.
Qed.

Lemma reach_firstn : forall L fs (D : set) d i, (i <= d)%nat ->
  reach L D (firstn d fs) i = reach L D fs i.
Proof.
  intros L0. induction fs as [|f fs IH]; intros D [|d0] [|i] H; simpl; trivial; try lia.
  apply IH. lia.
Qed.

Lemma line_fact : forall p l u s, is_neuron net d p = true -> (d <= length net)%nat ->
  (exists n, range_of neurons n = Some (input_of p, (l, u))) -> line_below neurons l u = Some
      s ->
  s * value_at t (input_of p) <= value_at t p.
Proof.
  intros p l u s N D (n & R) E. destruct (neuron_layer p N) as (i & mask & F & I & M & J).
  destruct p as [pi j]. simpl in F, J. subst pi. unfold value_at, input_of in *.
  cbn [fst snd pred] in *. rewrite <- (nth_error_firstn_lt _ net i d I) in M.
  destruct (layered_step _ _ _ _ t_layered i _ M) as [V S].
  destruct L_obeys as (_ & _ & T & G). apply (T _ mask _ _ j l u s V S); trivial.
  rewrite reach_firstn by lia. apply (G n _ _ _ R). simpl. lia.
Qed.

Lemma amount_local : forall f (s u : trace) n,
  (forall i, (i <= n)%nat -> nth i s [] = nth i u []) ->
  Forall (fun cp => (fst (snd cp) <= n)%nat) f -> amount f s == amount f u.
Proof.
  intros f s u n H F. induction F as [|[c [i j]] f I F IH]; simpl in *; [reflexivity|].
  unfold value_at. cbn [fst snd]. now rewrite (H i I), IH.
Qed.

Lemma nth_firstn : forall (A : Type) (l : list A) k n a, (k < n)%nat ->
  nth k (firstn n l) a = nth k l a.
Proof.
  induction l as [|b l IH]; intros [|k] [|n] a H; simpl; trivial; try lia. apply IH. lia.
Qed.

Lemma base_on_reach : forall i r, (i <= d)%nat -> In r rows -> bases r = true ->
  (depth r <= i)%nat -> (i <= length net)%nat -> sound L -> forall v,
  reach L (inside X) (firstn d net) i v -> exists s,
  (forall j, value_at s (i, j) = nth j v 0) /\ amount (row_form r) s <= row_limit r.
Proof.
  intros i r I J B D N H v R.
  assert (LE : (i <= length (firstn d net))%nat) by (rewrite firstn_length; lia).
  destruct (layered_extend L H i (firstn d net) (inside X) 0 v LE R) as (s & T & E).
  exists s. split.
  - specialize (E 0%nat). rewrite PeanoNat.Nat.add_0_r in E. intros j.
    unfold value_at. cbn [fst snd]. now f_equal.
  - rewrite PeanoNat.Nat.add_0_r, firstn_firstn_le in T by lia.
    pose proof (layered_prefix _ _ _ _ (depth r) T) as T'.
    rewrite firstn_firstn_le in T' by lia. specialize (bases_hold r J B _ T').
    rewrite <- (amount_local (row_form r) s _ (depth r)) in bases_hold; trivial.
    + intros k K. symmetry. apply nth_firstn. lia.
    + now apply rows_local.
Qed.

Hypothesis L_sound : sound L.
Hypothesis d_fits : (d <= length net)%nat.

Lemma bound_of_sound : forall p r s b, bound_of p r = Some b ->
  amount (row_form r) s <= row_limit r ->
  match b with
  | (Some l, None) => l <= value_at s p
  | (None, Some u) => value_at s p <= u
  | _ => False
  end.
Proof.
  intros p r s b E H. unfold bound_of in E. destruct (row_form r) as [|[c q] [|]] eqn:F;
    try discriminate. destruct (same_place q p) eqn:S; [|discriminate].
  apply same_place_eq in S. subst q. cbn in H. set (y := value_at s p) in *.
  destruct (Qle_bool c 0) eqn:C.
  - destruct (Qle_bool 0 c) eqn:C'; [discriminate|]. injection E as <-.
    assert (N : c < 0). { apply Qnot_le_lt. intros K. apply Qle_bool_iff in K. congruence. }
    setoid_replace (row_limit r / c) with (- row_limit r / (- c)) by (field; lra).
    apply Qle_shift_div_r; lra.
  - injection E as <-.
    assert (N : 0 < c). { apply Qnot_le_lt. intros K. apply Qle_bool_iff in K. congruence. }
    apply Qle_shift_div_l; lra.
Qed.

Lemma reason_form_sound : forall ph r f b, phases_hold ph ->
  reason_form d ph r = Some (f, b) -> amount f t + b <= 0.
Proof.
  intros ph r f b H E. destruct r as [k|k|p|p|p low high|p|p n]; cbn [reason_form] in E.
  - destruct (nth_error rows k) as [r|] eqn:K; [|discriminate].
    destruct (uses r && (depth r <=? d)%nat) eqn:U; [|discriminate]. injection E as <- <-.
    apply andb_prop in U as [U D]. apply PeanoNat.Nat.leb_le in D.
    pose proof (rows_hold r (nth_error_In _ _ K) U D). lra.
  - destruct (nth_error (constraints X) k) as [c|] eqn:K; [|discriminate].
    injection E as <- <-. rewrite amount_dot_form. apply nth_error_In in K.
    destruct (layered_head _ _ _ _ t_layered) as (z & s & -> & [_ I]).
    rewrite Forall_forall in I. specialize (I c K). cbn [skipn nth]. lra.
  - destruct (rectifies neurons && is_neuron net d p) eqn:N; [|discriminate].
    injection E as <- <-. destruct (neuron_facts p N). cbn. lra.
  - destruct (rectifies neurons && is_neuron net d p) eqn:N; [|discriminate].
    injection E as <- <-. destruct (neuron_facts p N). cbn. lra.
  - destruct (is_neuron net d p) eqn:N; [|discriminate].
    destruct (nth_error rows low) as [rl|] eqn:KL; [|discriminate].
    destruct (nth_error rows high) as [rh|] eqn:KH; [|discriminate].
    match type of E with (if ?c then _ else _) = _ => destruct c eqn:C; [|discriminate] end.
    repeat (apply andb_prop in C as [C ?]).
    destruct (bound_of (input_of p) rl) as [[[l|] o]|] eqn:BL; try discriminate.
    destruct (bound_of (input_of p) rh) as [[o' [u|]]|] eqn:BH; try discriminate.
    injection E as E. destruct (neuron_layer p N) as (i & mask & PI & I & ML & J).
    destruct (layer_at i _ I ML) as [_ T]. specialize (T (snd p) J l u).
    repeat match goal with K : (_ <=? _)%nat = true |- _ =>
      apply PeanoNat.Nat.leb_le in K end.
    assert (B : below_line l u (value_at t (input_of p)) (value_at t p)).
    { destruct p as [pi j]. simpl in *. subst pi. unfold input_of. cbn [fst snd pred].
      unfold value_at. cbn [fst snd]. apply T. intros v R.
      apply nth_error_In in KL, KH.
      destruct (base_on_reach i rl) with (v := v) as (s1 & V1 & S1); trivial; try lia.
      destruct (base_on_reach i rh) with (v := v) as (s2 & V2 & S2); trivial; try lia.
      pose proof (bound_of_sound _ _ _ _ BL S1) as A1.
      pose proof (bound_of_sound _ _ _ _ BH S2) as A2.
      unfold input_of in A1, A2. cbn [fst snd pred] in A1, A2.
      rewrite ?V1 in A1. rewrite ?V2 in A2.
      destruct o; [contradiction|]. destruct o'; [contradiction|]. now split. }
    destruct B as (B1 & B2 & B3). unfold line_form in E.
    destruct (Qle_bool u 0) eqn:Q2; [|destruct (Qle_bool 0 l) eqn:Q1].
    + injection E as <- <-. apply Qle_bool_iff in Q2. specialize (B2 Q2). cbn. lra.
    + injection E as <- <-. apply Qle_bool_iff in Q1. specialize (B1 Q1). cbn. lra.
    + cbv zeta in E. pose proof (f_equal fst E) as E1. pose proof (f_equal snd E) as E2.
      cbn [fst snd] in E1, E2. subst f b.
      assert (K1 : l <= 0) by (apply Qlt_le_weak, Qnot_le_lt; intros K;
        apply Qle_bool_iff in K; congruence).
      assert (K2 : 0 <= u) by (apply Qlt_le_weak, Qnot_le_lt; intros K;
        apply Qle_bool_iff in K; congruence).
      specialize (B3 K1 K2). cbn [amount].
      assert (L0 : ~ 0 <= l) by (intros K; apply Qle_bool_iff in K; congruence).
      assert (U0 : ~ u <= 0) by (intros K; apply Qle_bool_iff in K; congruence).
      assert (K : 0 < u - l) by lra. pose proof (Qred_correct (u / (u - l))) as RC.
      set (k := Qred (u / (u - l))) in *.
      set (z := value_at t (input_of p)) in *. set (y := value_at t p) in *.
      assert (Y : y <= u * (z - l) / (u - l)) by (apply Qle_shift_div_l; [assumption | lra]).
      setoid_replace (u * (z - l) / (u - l)) with (u / (u - l) * (z - l)) in Y by (field; lra).
      rewrite <- RC in Y. lra.
  - destruct (phase ph p) as [[|]|] eqn:K; try discriminate; injection E as <- <-;
      destruct (H p _ K) as [_ S]; cbn; lra.
  - destruct (range_of neurons n) as [[q [l u]]|] eqn:R; [|discriminate].
    destruct (is_neuron net d p && same_place q (input_of p)) eqn:N; [|discriminate].
    apply andb_prop in N as [N S]. apply same_place_eq in S. subst q.
    destruct (line_below neurons l u) as [s|] eqn:B; [|discriminate]. injection E as <- <-.
    pose proof (line_fact p l u s N d_fits (ex_intro _ n R) B). cbn. lra.
Qed.

Lemma subtract_sound : forall ph l g g' v, phases_hold ph -> subtract d ph l g = Some g' ->
  represents x g v -> exists v', represents x g' v' /\ v <= v'.
Proof.
  intros ph l g. induction l as [|[m r] l IH]; intros g' v H E R; cbn [subtract] in E.
  - injection E as <-. exists v. split; [assumption | apply Qle_refl].
  - destruct (reason_form d ph r) as [[f b]|] eqn:F; [|discriminate].
    destruct (Qle_bool 0 m) eqn:M; [|discriminate]. apply Qle_bool_iff in M.
    destruct (subtract d ph l g) as [g1|] eqn:S; [|discriminate]. injection E as <-.
    destruct (IH g1 v H eq_refl R) as (v1 & R1 & V1).
    exists (- m * (amount f t + b) + v1). split.
    + apply represents_add_multiple; [apply represents_affine_of | assumption].
    + pose proof (reason_form_sound ph r f b H F). nra.
Qed.

(** ** Rules *)

Definition valid_rule (r : rule) : Prop :=
  at_most_zero (fst (snd r)) /\ at_most_zero (snd (snd r)).

Lemma represents_some : forall g, exists v, represents x g v.
Proof.
  intros [l c q]. exists ((value x l + inject_Z c) * (1 # q)). unfold represents.
  cbn [linear_part constant denominator]. pose proof (numerator 1 q) as N.
  setoid_replace (inject_Z (Zpos q) * ((value x l + inject_Z c) * (1 # q)))
    with ((value x l + inject_Z c) * (inject_Z (Zpos q) * (1 # q))) by ring.
  rewrite N. change (inject_Z 1) with 1. ring.
Qed.

Lemma carry_sound : forall g r v, valid_rule r -> represents x g v ->
  exists v', represents x (carry g r) v' /\ v <= v'.
Proof.
  intros g [p [a b]] v [(va & A & VA) (vb & B & VB)] R. unfold carry. cbn [fst snd] in *.
  set (c := coefficient p (linear_part g)).
  destruct (Z.eqb_spec c 0); [exists v; split; [assumption | apply Qle_refl]|].
  destruct (Z.ltb_spec 0 c).
  - exists (- (c # denominator g) * va + v). split; [now apply represents_add_multiple|].
    assert (0 <= c # denominator g) by (unfold Qle; cbn; lia). nra.
  - exists ((c # denominator g) * vb + v). split; [now apply represents_add_multiple|].
    assert (c # denominator g <= 0) by (unfold Qle; cbn; lia). nra.
Qed.

Lemma carried_sound : forall rs g v, Forall valid_rule rs -> represents x g v ->
  exists v', represents x (fold_left carry rs g) v' /\ v <= v'.
Proof.
  induction rs as [|r rs IH]; intros g v F R.
  - exists v. split; [assumption | apply Qle_refl].
  - inversion F as [|? ? V F']; subst. destruct (carry_sound g r v V R) as (v1 & R1 & V1).
    destruct (IH _ v1 F' R1) as (v2 & R2 & V2). exists v2. split; [assumption | lra].
Qed.

Lemma equation_valid : forall p f b, value_at t p == amount f t + b ->
  valid_rule (equation p f b).
Proof.
  intros p f b E. pose proof (represents_affine_of t f b) as A.
  pose proof (represents_place t p) as B. split; cbn [equation fst snd].
  - exists (-(1) * (amount f t + b) + value_at t p).
    split; [now apply represents_add_multiple | lra].
  - exists (-(1) * value_at t p + (amount f t + b)).
    split; [now apply represents_add_multiple | lra].
Qed.

Lemma indexed_nth : forall (A : Type) (l : list A) j k a, In (k, a) (indexed j l) ->
  exists i, k = (j + i)%nat /\ nth_error l i = Some a.
Proof.
  induction l as [|b l IH]; intros j k a I; simpl in I; [contradiction|]. destruct I as [E|I].
  - injection E as <- <-. exists 0%nat. split; [lia | reflexivity].
  - destruct (IH _ _ _ I) as (i & -> & N). exists (S i). split; [lia | assumption].
Qed.

Lemma layer_rules_valid : forall ph i width f, phases_hold ph -> (i < d)%nat ->
  nth_error net i = Some f -> Forall valid_rule (layer_rules ph i width f).
Proof.
  intros ph i width f H I N. destruct (layer_at i f I N) as [K _]. apply Forall_forall.
  intros r R. destruct f as [rs|mask|]; cbn [layer_rules joined linked] in *.
  - apply in_map_iff in R as ([j row] & <- & J). apply indexed_nth in J as (k & E & M).
    cbn [fst snd] in *. simpl in E. subst k. apply equation_valid.
    rewrite amount_dot_form. cbn [skipn]. exact (K j row M).
  - apply in_flat_map in R as (j & _ & R). specialize (K j).
    destruct (nth j mask false) eqn:M.
    + clear K. destruct (phase ph (S i, j)) as [[|]|] eqn:S; [| |contradiction]; destruct R
        as [<-|[]];
        destruct (H _ _ S) as (_ & _ & E); apply equation_valid; unfold input_of in E;
        cbn [fst snd pred amount] in E |- *; rewrite E; ring.
    + destruct R as [<-|[]]. apply equation_valid. cbn [amount]. unfold value_at.
      cbn [fst snd]. rewrite (K eq_refl). ring.
  - apply in_map_iff in R as (j & <- & _). apply equation_valid. specialize (K j).
    cbn [amount]. unfold value_at. cbn [fst snd]. rewrite K. ring.
Qed.

Lemma rules_of_valid : forall ph fs i width, phases_hold ph ->
  (forall k f, nth_error fs k = Some f -> (i + k < d)%nat /\ nth_error net (i + k) = Some f) ->
  Forall valid_rule (rules_of ph i width fs).
Proof.
  intros ph. induction fs as [|f fs IH]; intros i width H E; simpl; [constructor|].
  apply Forall_app. split.
  - apply IH; [assumption|]. intros k g N. destruct (E (S k) g N).
    replace (S i + k)%nat with (i + S k)%nat by lia. now split.
  - destruct (E 0%nat f eq_refl) as [A B]. rewrite PeanoNat.Nat.add_0_r in A, B.
    now apply layer_rules_valid.
Qed.

Lemma input_rules_valid : Forall valid_rule input_rules.
Proof.
  apply Forall_flat_map, Forall_forall. intros row I.
  destruct (lone row) as [[j c]|]; [|constructor].
  destruct (layered_head _ _ _ _ t_layered) as (z & s & E & [_ C]).
  rewrite Forall_forall in C. specialize (C row I).
  assert (A : represents x (affine_of (dot_form 0 0 (fst row)) (- snd row))
                (dot (fst row) z + - snd row)).
  { apply (represents_compat _ _ (amount (dot_form 0 0 (fst row)) t + - snd row)).
    - rewrite amount_dot_form, E. reflexivity.
    - apply represents_affine_of. }
  assert (Z : at_most_zero (constantly 0))
    by (exists 0; split; [apply represents_constantly | apply Qle_refl]).
  assert (B : forall k, 0 <= k -> at_most_zero
      (add_multiple k (affine_of (dot_form 0 0 (fst row)) (- snd row)) (constantly 0))).
  { intros k K. exists (k * (dot (fst row) z + - snd row) + 0). split.
    - apply represents_add_multiple; [assumption | apply represents_constantly].
    - nra. }
  destruct (Qle_bool c 0) eqn:Q; repeat constructor; trivial; cbn [fst snd]; apply B.
  - apply Qle_bool_iff in Q. apply Qinv_le_0_compat. lra.
  - apply Qinv_le_0_compat. apply Qlt_le_weak, Qnot_le_lt. intros K.
    apply Qle_bool_iff in K. congruence.
Qed.

Lemma is_constant_sound : forall g v q, represents x g v -> is_constant g = Some q -> v == q.
Proof.
  intros [l c e] v q R E. unfold is_constant in E. cbn in E. destruct l; [|discriminate].
  injection E as <-. unfold represents in R. cbn in R.
  pose proof (numerator c e) as N. pose proof (inject_Z_pos e) as P. nra.
Qed.

Lemma all_rules_valid : forall ph, phases_hold ph ->
  Forall valid_rule (rules_of ph 0 (dimension X) (firstn d net) ++ input_rules).
Proof.
  intros ph H. apply Forall_app. split; [|exact input_rules_valid].
  apply rules_of_valid; [assumption|]. intros k f N. simpl.
  assert (K : (k < d)%nat).
  { assert (N' : nth_error (firstn d net) k <> None) by congruence.
    apply nth_error_Some in N'. rewrite firstn_length in N'. lia. }
  split; [assumption|]. now rewrite nth_error_firstn_lt in N.
Qed.

Lemma implied_sound : forall ph l f b, phases_hold ph -> implied d ph l f b = true ->
  amount f t <= b.
Proof.
  intros ph l f b H E. unfold implied in E.
  destruct (subtract d ph l (affine_of f (- b))) as [g|] eqn:S; [|discriminate].
  destruct (is_constant (carried d ph g)) as [q|] eqn:C; [|discriminate].
  apply Qle_bool_iff in E.
  destruct (subtract_sound _ _ _ _ _ H S (represents_affine_of t f (- b))) as (v & R & V).
  destruct (carried_sound _ g v (all_rules_valid ph H) R) as (w & R' & W).
  pose proof (is_constant_sound _ _ _ R' C). lra.
Qed.

Lemma excluded_sound : forall ph l, phases_hold ph -> excluded d ph l = true -> False.
Proof.
  intros ph l H E. unfold excluded in E.
  destruct (subtract d ph l (constantly 0)) as [g|] eqn:S; [|discriminate].
  destruct (is_constant (carried d ph g)) as [q|] eqn:C; [|discriminate].
  destruct (subtract_sound _ _ _ _ _ H S (represents_constantly x 0)) as (v & R & V).
  destruct (carried_sound _ g v (all_rules_valid ph H) R) as (w & R' & W).
  pose proof (is_constant_sound _ _ _ R' C) as Q.
  assert (K : 0 <= q) by lra. apply Qle_bool_iff in K. now rewrite K in E.
Qed.

Lemma phases_hold_cons : forall ph p (b : bool), phases_hold ph -> is_neuron net d p = true ->
  (if b then 0 <= value_at t (input_of p) /\ value_at t p == value_at t (input_of p)
   else value_at t (input_of p) <= 0 /\ value_at t p == 0) -> phases_hold ((p, b) :: ph).
Proof.
  intros ph p b H N F q c E. cbn in E. destruct (same_place p q) eqn:S.
  - apply same_place_eq in S. injection E as <-. subst q. now split.
  - now apply H.
Qed.

Theorem covers_sound : forall s, exact_at s -> forall c ph f b, phases_hold ph ->
  covers s d ph c f b = true -> amount f t <= b.
Proof.
  intros s X_exact. induction c as [l|l|p off IH1 on IH2]; intros ph f b H E; cbn in E.
  - now apply (implied_sound ph l).
  - exfalso. now apply (excluded_sound ph l).
  - repeat (apply andb_prop in E as [E ?]). rename H1 into E1, H0 into E2, H2 into E3.
    destruct (neuron_layer p E) as (i & mask & PI & I & N & J).
    apply PeanoNat.Nat.ltb_lt in E3. rewrite PI in E3.
    assert (V : value_at t p == relu (value_at t (input_of p))).
    { destruct p as [pi j]. simpl in PI, J. subst pi. apply (X_exact i mask j); trivial. lia. }
    destruct (relu_cases (value_at t (input_of p))) as [[C R]|[C R]]; rewrite R in V.
    + apply (IH1 ((p, false) :: ph)); [|assumption]. apply phases_hold_cons; trivial. now split.
    + apply (IH2 ((p, true) :: ph)); [|assumption]. apply phases_hold_cons; trivial. now split.
Qed.

Lemma no_phases : phases_hold [].
Proof. intros p b E. discriminate. Qed.

End Checker.
