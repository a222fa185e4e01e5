(** * A checker of rows and cases for networks of any neurons

    A row bounds a linear form of a network's values.  It is proved by multiples of other rows in
    each case of a tree that splits neurons into their pieces.  What these leave of the form is
    carried back through the layers to the inputs, and bounded there.

    All numbers are whole: forms are multiplied by what divides layers. *)

From Coq Require Import ZArith QArith List FMapPositive Lqa Lia Bool.
From Polyrelax Require Import Network Farkas Layered Neurons.
Import ListNotations.
Open Scope Q_scope.

(** ** Rows: a linear form for the values behind 0, 1, ... layers, and a limit *)

Record bound_row := { parts : list linear; limit : Z }.

Fixpoint sum_of (ps : list linear) (t : trace) : Q :=
  match ps, t with
  | p :: ps', v :: t' => total p v + sum_of ps' t'
  | _, _ => 0
  end.

Definition holds (t : trace) (r : bound_row) : Prop := sum_of (parts r) t <= inject_Z (limit r).

(** [k p + q] *)
Definition add_multiple (k : Z) (p q : linear) : linear :=
  match p with [] => q | _ => add (scale k p) q end.

Fixpoint add_parts (k : Z) (ps qs : list linear) : list linear :=
  match ps, qs with
  | [], _ => qs
  | _, [] => map (scale k) ps
  | p :: ps', q :: qs' => add_multiple k p q :: add_parts k ps' qs'
  end.

(** The form [p] behind [i] layers. *)
Definition behind_layers (i : nat) (p : linear) : list linear := repeat [] i ++ [p].

(** ** Layers as they are read: what gives each output, [<a, v> + b] over a divisor *)

Definition known := option (positive * (linear * Z)).

Inductive plan :=
| Same (rows : list known)
| Several (units : list (nat * list piece)).

Definition linear_of (l : entries) : linear := map (fun e => (N.succ_pos (fst e), snd e)) l.

Definition plan_of (f : stage) : plan :=
  match f with
  | Weighted c rows => Same (map (fun r => Some (c, (linear_of (fst r), snd r))) rows)
  | Bent ns => Several (map (fun n => (size n, pieces n)) ns)
  end.

(** The pieces that units of layers have in a case, the last one that was said first: (layer,
    unit) and the number of a piece, layers counted from 1. *)
Definition phases := list (nat * N * nat).

Fixpoint phase (ph : phases) (i : nat) (u : N) : option nat :=
  match ph with
  | [] => None
  | (i', u', k) :: ph' => if (i' =? i)%nat && (u' =? u)%N then Some k else phase ph' i u
  end.

Definition rows_of_piece (p : piece) : list known := map (fun m => Some (common p, m)) (maps p).

Definition rows_of_unit (ph : phases) (i : nat) (u : N) (unit : nat * list piece)
    : list known :=
  match snd unit with
  | [p] => rows_of_piece p
  | ps =>
      match phase ph i u with
      | Some k => match nth_error ps k with
                  | Some p => rows_of_piece p
                  | None => repeat None (fst unit)
                  end
      | None => repeat None (fst unit)
      end
  end.

Fixpoint rows_of_units (ph : phases) (i : nat) (u : N) (units : list (nat * list piece))
    : list known :=
  match units with
  | [] => []
  | unit :: units' => rows_of_unit ph i u unit ++ rows_of_units ph i (N.succ u) units'
  end.

Definition rows_of (ph : phases) (i : nat) (f : plan) : list known :=
  match f with Same rows => rows | Several units => rows_of_units ph i 0 units end.

(** ** Carrying back through a layer *)

(** A common multiple of what divides the outputs that a form reads, from output [j] on. *)
Fixpoint divisor (j : positive) (rows : list known) (f : linear) (s : Z) : Z :=
  match rows, f with
  | r :: rows', (p, _) :: f' =>
      if Pos.eqb j p then
        let s' := match r with
                  | Some (c, _) => if (Zpos c =? s)%Z then s else Z.lcm (Zpos c) s
                  | None => s
                  end in
        divisor (Pos.succ j) rows' f' s'
      else divisor (Pos.succ j) rows' f s
  | _, _ => s
  end.

(** [s f + target], as a form of the layer's inputs and a constant. *)
Fixpoint carried (s : Z) (j : positive) (rows : list known) (f : linear) (target : linear * Z)
    : option (linear * Z) :=
  match f with
  | [] => Some target
  | (p, c) :: f' =>
      match rows with
      | [] => None
      | r :: rows' =>
          if Pos.eqb j p then
            match r with
            | Some (d, (a, b)) =>
                let k := (s / Zpos d)%Z in
                if (k * Zpos d =? s)%Z then
                  carried s (Pos.succ j) rows' f'
                    (add_multiple (c * k) a (fst target), c * k * b + snd target)%Z
                else None
            | None => None
            end
          else carried s (Pos.succ j) rows' f target
      end
  end.

(** [(q, c, s)]: [s] times the forms behind [i], [i + 1], ... layers is [<q, v> + c]. *)
Fixpoint down (ph : phases) (i : nat) (fs : list plan) (ps : list linear)
    : option (linear * Z * Z) :=
  match ps with
  | [] => Some ([], 0%Z, 1%Z)
  | p :: ps' =>
      match ps', fs with
      | [], _ => Some (p, 0%Z, 1%Z)
      | _, [] => None
      | _, f :: fs' =>
          match down ph (S i) fs' ps' with
          | None => None
          | Some ([], c, s) => Some (scale s p, c, s)
          | Some (q, c, s) =>
              let rows := rows_of ph (S i) f in
              let d := divisor 1 rows q 1 in
              match carried d 1 rows q ([], 0%Z) with
              | Some (l, b) =>
                  if (0 <? d)%Z then Some (add_multiple (d * s) p l, (c * d + b)%Z, (d * s)%Z)
                  else None
              | None => None
              end
          end
      end
  end.

(** ** Over the inputs *)

(** Ends of boxes have one denominator, if they are written so. *)
Definition plus (a b : Q) : Q :=
  if Pos.eqb (Qden a) (Qden b) then (Qnum a + Qnum b) # Qden a else a + b.

(** The greatest value of a form on a box, from coordinate [j] on, and [sum]. *)
Fixpoint most_on (j : positive) (ends : list (Q * Q)) (f : linear) (sum : Q) : option Q :=
  match f with
  | [] => Some sum
  | (p, c) :: f' =>
      match ends with
      | [] => None
      | (lower, upper) :: ends' =>
          if Pos.eqb j p then
            most_on (Pos.succ j) ends' f'
              (plus sum (inject_Z c * (if (0 <=? c)%Z then upper else lower)))
          else most_on (Pos.succ j) ends' f sum
      end
  end.

Definition most (X : inputs) (f : linear) : option Q :=
  match X, f with
  | Box ends, _ => most_on 1 ends f 0
  | Cut _ _, [] => Some 0
  | Cut _ _, _ => None
  end.

(** ** Terms and trees *)

Inductive reason :=
| Row (k : positive)  (** a row that is proved before *)
| Input (k : nat)  (** a constraint of the input set *)
| Side (i : nat) (u : N) (n : nat).  (** of the piece that a unit has in this case *)

Definition terms := list (Z * reason).

Inductive tree_node :=
| Split (i : nat) (u : N)  (** into the pieces of a unit: its cases follow *)
| Leaf (factor : Z) (l : terms)  (** the terms imply the row, times the factor *)
| Excluded (l : terms).  (** they exclude the case *)

Section Checker.

Variable plans : list plan.
Variable X : inputs.
Variable rows : PositiveMap.t bound_row.

Definition unit_at (i : nat) (u : N) : option (list piece) :=
  match i with
  | O => None
  | S i' =>
      match nth_error plans i' with
      | Some (Several units) => option_map snd (nth_error units (N.to_nat u))
      | _ => None
      end
  end.

Definition row_of (ph : phases) (r : reason) : option bound_row :=
  match r with
  | Row k => PositiveMap.find k rows
  | Input k =>
      match X with
      | Box _ => None
      | Cut _ rs => option_map (fun r => {| parts := [linear_of (fst r)]; limit := snd r |})
                      (nth_error rs k)
      end
  | Side i u n =>
      match unit_at i u, phase ph i u with
      | Some ps, Some k =>
          match nth_error ps k with
          | Some p => option_map (fun s => {| parts := behind_layers (pred i) (fst s);
                                              limit := snd s |}) (nth_error (sides p) n)
          | None => None
          end
      | _, _ => None
      end
  end.

(** What terms leave of a form and of its limit. *)
Fixpoint subtract (ph : phases) (l : terms) (f : list linear) (b : Z)
    : option (list linear * Z) :=
  match l with
  | [] => Some (f, b)
  | (m, r) :: l' =>
      match row_of ph r with
      | Some row =>
          if (0 <=? m)%Z then
            subtract ph l' (add_parts (- m) (parts row) f) (b - m * limit row)%Z
          else None
      | None => None
      end
  end.

(** A positive multiple of how much less than the limit the form is at least. *)
Definition slack (ph : phases) (l : terms) (f : list linear) (b : Z) : option Q :=
  match subtract ph l f b with
  | Some (rest, b') =>
      match down ph 0 plans rest with
      | Some (q, c, s) =>
          option_map (fun u => inject_Z (s * b' - c) - u) (most X q)
      | None => None
      end
  | None => None
  end.

Definition implied (ph : phases) (k : Z) (l : terms) (r : bound_row) : bool :=
  (0 <? k)%Z
  && match slack ph l (map (scale k) (parts r)) (k * limit r)%Z with
     | Some z => Qle_bool 0 z
     | None => false
     end.

Definition excluded (ph : phases) (l : terms) : bool :=
  match slack ph l [] 0%Z with Some z => negb (Qle_bool z 0) | None => false end.

(** The nodes of a tree prove a row in all cases that are open: each node comes before those
    below it. *)
Fixpoint covered (r : bound_row) (tree : list tree_node) (cases : list phases) : bool :=
  match tree, cases with
  | [], [] => true
  | Split i u :: tree', ph :: cases' =>
      match unit_at i u with
      | Some ps => covered r tree' (map (fun k => (i, u, k) :: ph) (seq 0 (length ps)) ++ cases')
      | None => false
      end
  | Leaf k l :: tree', ph :: cases' => implied ph k l r && covered r tree' cases'
  | Excluded l :: tree', ph :: cases' => excluded ph l && covered r tree' cases'
  | _, _ => false
  end.

End Checker.

Record node := { stated : bound_row; tree : list tree_node }.

(** Rows are numbered in their order. *)
Fixpoint proved (plans : list plan) (X : inputs) (nodes : list node) (next : positive)
    (rows : PositiveMap.t bound_row) : option (PositiveMap.t bound_row) :=
  match nodes with
  | [] => Some rows
  | n :: nodes' =>
      if covered plans X rows (stated n) (tree n) [[]] then
        proved plans X nodes' (Pos.succ next) (PositiveMap.add next (stated n) rows)
      else None
  end.

(** ** Claims *)

Inductive claim :=
| Bounded (f : form) (b : Q)  (** the form is at most [b] at every input *)
| Attained (f : form) (b : Q).  (** it is [b] at one *)

Definition claim_holds (net : stages) (X : inputs) (c : claim) : Prop :=
  match c with
  | Bounded f b => forall x, allowed X x -> amount f (values_of net x) <= b
  | Attained f b => exists x, allowed X x /\ amount f (values_of net x) == b
  end.

Inductive evidence :=
| By (row : positive) (k : positive)  (** a row that is [k] times the claim *)
| Run (x : vec).

(** [k] times a form, if that is whole. *)
Fixpoint parts_of (k : Z) (f : form) : option (list linear) :=
  match f with
  | [] => Some []
  | (c, (i, j)) :: f' =>
      let a := (k * Qnum c / Zpos (Qden c))%Z in
      if (a * Zpos (Qden c) =? k * Qnum c)%Z then
        option_map (add_parts 1 (behind_layers i (one (N.of_nat j) a))) (parts_of k f')
      else None
  end.

Definition null (p : linear) : bool := match p with [] => true | _ => false end.

Definition allowed_bool (X : inputs) (x : vec) : bool :=
  match X with
  | Box ends =>
      (length ends =? length x)%nat
      && forallb (fun exy => Qle_bool (fst (fst exy)) (snd exy)
                             && Qle_bool (snd exy) (snd (fst exy))) (combine ends x)
  | Cut dim rs =>
      (length x =? dim)%nat
      && forallb (fun r => Qle_bool (along (fst r) x) (inject_Z (snd r))) rs
  end.

Definition shown (net : stages) (X : inputs) (rows : PositiveMap.t bound_row)
    (c : claim * evidence) : bool :=
  match c with
  | (Bounded f b, By n k) =>
      match PositiveMap.find n rows, parts_of (Zpos k) f with
      | Some r, Some ps =>
          forallb null (add_parts (-1) (parts r) ps)
          && Qle_bool (inject_Z (limit r)) (inject_Z (Zpos k) * b)
      | _, _ => false
      end
  | (Attained f b, Run x) => allowed_bool X x && Qeq_bool (amount f (values_of net x)) b
  | _ => false
  end.

Definition check_cases (net : stages) (X : inputs) (nodes : list node)
    (claims : list (claim * evidence)) : bool :=
  match proved (map plan_of net) X nodes 1 (PositiveMap.empty bound_row) with
  | Some rows => forallb (shown net X rows) claims
  | None => false
  end.

(** ** Soundness *)

Lemma total_add_multiple : forall k p q v,
  total (add_multiple k p q) v == inject_Z k * total p v + total q v.
Proof.
  intros k p q v. unfold add_multiple, total. destruct p as [|t p]; [cbn [value]; ring|].
  rewrite value_add, value_scale. reflexivity.
Qed.

Lemma sum_of_scaled : forall k ps t, sum_of (map (scale k) ps) t == inject_Z k * sum_of ps t.
Proof.
  intros k. induction ps as [|p ps IH]; intros [|v t]; cbn [map sum_of]; try ring.
  rewrite IH. unfold total. rewrite value_scale. ring.
Qed.

Lemma sum_of_add_parts : forall k ps qs t,
  sum_of (add_parts k ps qs) t == inject_Z k * sum_of ps t + sum_of qs t.
Proof.
  intros k. induction ps as [|p ps IH]; intros [|q qs] t.
  - cbn. ring.
  - cbn. ring.
  - cbn [add_parts]. rewrite sum_of_scaled. destruct t; cbn [sum_of]; ring.
  - destruct t as [|v t]; cbn [add_parts sum_of]; [ring|].
    rewrite total_add_multiple, IH. ring.
Qed.

Lemma sum_of_behind_layers : forall i p t,
  sum_of (behind_layers i p) t == match nth_error t i with Some v => total p v | None => 0 end.
Proof.
  unfold behind_layers. induction i as [|i IH]; intros p [|v t]; cbn; try ring.
  rewrite IH. unfold total. cbn [value]. ring.
Qed.

Lemma total_linear_of : forall l v, total (linear_of l) v == along l v.
Proof.
  intros l v. unfold total, linear_of. induction l as [|[j a] l IH]; cbn; [reflexivity|].
  now rewrite IH, coordinate_at.
Qed.

(** *** Values of a network *)

Lemma nth_error_values : forall net x i, nth_error (values_of net x) i =
  if (i <=? length net)%nat then Some (final_value (firstn i net) x) else None.
Proof.
  induction net as [|f net IH]; intros x [|i]; try reflexivity.
  - now destruct i.
  - cbn [values_of nth_error length firstn final_value]. rewrite IH. reflexivity.
Qed.

(** A unit has a piece at an input. *)
Definition has_piece (net : stages) (x : vec) (i : nat) (u : N) (k : nat) : Prop :=
  exists i' ns n p, i = S i' /\ nth_error net i' = Some (Bent ns)
    /\ nth_error ns (N.to_nat u) = Some n /\ nth_error (pieces n) k = Some p
    /\ fits p (final_value (firstn i' net) x) (fire n (final_value (firstn i' net) x)).

Definition in_case (net : stages) (x : vec) (ph : phases) : Prop :=
  forall i u k, phase ph i u = Some k -> has_piece net x i u k.

Definition gives (v : vec) (r : known) (q : Q) : Prop :=
  match r with
  | Some (d, (a, b)) => inject_Z (Zpos d) * q == total a v + inject_Z b
  | None => True
  end.

Lemma rows_of_piece_give : forall p v y, fits p v y -> Forall2 (gives v) (rows_of_piece p) y.
Proof.
  intros p v y [_ M]. unfold rows_of_piece. induction M as [|[a b] q ms y H M IH]; simpl;
    constructor; trivial.
Qed.

Lemma unknown_give : forall v y, Forall2 (gives v) (repeat None (length y)) y.
Proof. induction y; simpl; constructor; trivial. exact I. Qed.

Lemma rows_of_unit_give : forall ph i u n v,
  (forall k, phase ph i u = Some k ->
     exists p, nth_error (pieces n) k = Some p /\ fits p v (fire n v)) ->
  Forall2 (gives v) (rows_of_unit ph i u (size n, pieces n)) (fire n v).
Proof.
  intros ph i u n v H. unfold rows_of_unit. cbn [fst snd].
  assert (U : Forall2 (gives v) (repeat None (size n)) (fire n v))
    by (rewrite <- (fire_length n v); apply unknown_give).
  assert (A : Forall2 (gives v) match phase ph i u with
      | Some k => match nth_error (pieces n) k with
                  | Some p => rows_of_piece p | None => repeat None (size n) end
      | None => repeat None (size n) end (fire n v)).
  { destruct (phase ph i u) as [k|]; [|assumption].
    destruct (H k eq_refl) as (p & -> & F). now apply rows_of_piece_give. }
  destruct (pieces_cover n v) as (p & I & F). destruct (pieces n) as [|p0 [|p1 ps]]; trivial.
  destruct I as [<-|[]]. now apply rows_of_piece_give.
Qed.

Lemma rows_of_units_give : forall ph i ns u v,
  (forall m n k, nth_error ns m = Some n -> phase ph i (N.of_nat m + u) = Some k ->
     exists p, nth_error (pieces n) k = Some p /\ fits p v (fire n v)) ->
  Forall2 (gives v) (rows_of_units ph i u (map (fun n => (size n, pieces n)) ns))
    (flat_map (fun n => fire n v) ns).
Proof.
  intros ph i. induction ns as [|n ns IH]; intros u v H; [constructor|].
  cbn [map rows_of_units flat_map]. apply Forall2_app.
  - apply rows_of_unit_give. intros k E. exact (H 0%nat n k eq_refl E).
  - apply IH. intros m n' k N E. apply (H (S m) n' k N). rewrite <- E. f_equal. lia.
Qed.

Lemma stage_rows_give : forall net x ph i f, in_case net x ph -> nth_error net i = Some f ->
  let v := final_value (firstn i net) x in
  Forall2 (gives v) (rows_of ph (S i) (plan_of f)) (stage_value f v).
Proof.
  intros net x ph i f H N v. destruct f as [c rows|ns]; cbn [plan_of rows_of stage_value].
  - clear N. induction rows as [|[a b] rows IH]; cbn [map]; constructor; trivial.
    cbn [gives fst snd]. rewrite Qred_correct, total_linear_of.
    assert (D : inject_Z (Zpos c) * (1 # c) == 1) by exact (den_times (1 # c)).
    rewrite Qmult_comm, <- Qmult_assoc, (Qmult_comm (1 # c)), D. ring.
  - apply rows_of_units_give. intros m n k M E. rewrite N.add_0_r in E.
    destruct (H _ _ _ E) as (i' & ns' & n' & p & I & N' & M' & P & F).
    injection I as <-. rewrite Nnat.Nat2N.id in M'. assert (ns' = ns) by congruence. subst ns'.
    assert (n' = n) by congruence. subst n'. exists p. now split.
Qed.

(** *** Carrying back *)

Lemma skipn_cons : forall (A : Type) n (l : list A) a l', skipn n l = a :: l' ->
  nth_error l n = Some a /\ skipn (S n) l = l'.
Proof.
  intros A. induction n as [|n IH]; intros [|b l] a l' E; simpl in E; try discriminate.
  - injection E as <- <-. now split.
  - apply IH in E as [E F]. split; [assumption|]. simpl. now destruct l.
Qed.

Lemma skipn_coordinate : forall y j q y', skipn (pred (Pos.to_nat j)) y = q :: y' ->
  coordinate y j = q /\ skipn (pred (Pos.to_nat (Pos.succ j))) y = y'.
Proof.
  intros y j q y' E. apply skipn_cons in E as [E F]. rewrite Pos2Nat.inj_succ.
  replace (pred (S (Pos.to_nat j))) with (S (pred (Pos.to_nat j)))
    by (pose proof (Pos2Nat.is_pos j); lia).
  split; [|assumption]. unfold coordinate. apply nth_error_nth with (d := 0) in E. exact E.
Qed.

Lemma carried_sound : forall s v y f rows j y' l b l' b',
  Forall2 (gives v) rows y' -> skipn (pred (Pos.to_nat j)) y = y' ->
  carried s j rows f (l, b) = Some (l', b') ->
  total l' v + inject_Z b' == inject_Z s * total f y + total l v + inject_Z b.
Proof.
  intros s v y f rows. revert f. induction rows as [|r rows IH];
    intros [|[p c] f] j y' l b l' b' G K E; cbn [carried] in E; try discriminate.
  1, 2: injection E as <- <-; unfold total; cbn [value]; ring.
  inversion G as [|? q ? y'' R G' E1 E2]; subst. symmetry in E2.
  apply skipn_coordinate in E2 as [C K].
  destruct (Pos.eqb_spec j p) as [<-|_]; [|now apply (IH _ _ _ _ _ _ _ G' K E)].
  destruct r as [[d [a b0]]|]; [|discriminate].
  destruct (Z.eqb_spec (s / Zpos d * Zpos d) s) as [D|_]; [|discriminate].
  apply (IH _ _ _ _ _ _ _ G' K) in E. rewrite E. cbn [fst snd].
  rewrite total_add_multiple. unfold total at 4. cbn [value]. fold (total f y). rewrite C.
  rewrite inject_Z_plus, !inject_Z_mult. cbn [gives] in R.
  set (k := (s / Zpos d)%Z) in *.
  assert (S' : inject_Z s == inject_Z k * inject_Z (Zpos d)) by now rewrite <- inject_Z_mult, D.
  rewrite S'.
  setoid_replace (inject_Z k * inject_Z (Zpos d) * (inject_Z c * q + total f y))
    with (inject_Z k * inject_Z c * (inject_Z (Zpos d) * q)
          + inject_Z k * inject_Z (Zpos d) * total f y) by ring.
  rewrite R. ring.
Qed.

Lemma down_sound : forall net x ph, in_case net x ph -> forall fs pre ps q c s,
  net = pre ++ fs -> down ph (length pre) (map plan_of fs) ps = Some (q, c, s) ->
  (0 < s)%Z /\ inject_Z s * sum_of ps (values_of fs (final_value pre x))
               == total q (final_value pre x) + inject_Z c.
Proof.
  intros net x ph H. induction fs as [|f fs IH]; intros pre [|p ps] q c s N E.
  - injection E as <- <- <-. split; [lia|]. unfold total. cbn. ring.
  - destruct ps as [|p' ps]; [|discriminate]. injection E as <- <- <-. split; [lia|].
    cbn. ring.
  - injection E as <- <- <-. split; [lia|]. unfold total. cbn. ring.
  - cbn [map down] in E. destruct ps as [|p' ps].
    + injection E as <- <- <-. split; [lia|]. cbn.
      destruct fs; cbn; change (inject_Z 0) with 0; change (inject_Z 1) with 1; ring.
    + set (ps' := p' :: ps) in *. set (v := final_value pre x).
      assert (N' : net = (pre ++ [f]) ++ fs) by now rewrite <- app_assoc.
      assert (L : length (pre ++ [f]) = S (length pre)) by (rewrite app_length; simpl; lia).
      assert (V : final_value (pre ++ [f]) x = stage_value f v).
      { unfold v. clear. revert x. induction pre as [|g pre IH]; intros x; simpl; trivial. }
      specialize (IH (pre ++ [f]) ps'). rewrite L, V in IH.
      destruct (down ph (S (length pre)) (map plan_of fs) ps') as [[[q' c'] s']|]; [|discriminate].
      destruct (IH q' c' s' N' eq_refl) as [P Q]. cbn [values_of sum_of]. fold v.
      destruct q' as [|t q'].
      * injection E as <- <- <-. split; [assumption|]. unfold total in Q |- *.
        rewrite value_scale. cbn [value] in Q. rewrite Qmult_plus_distr_r, Q. ring.
      * remember (t :: q') as g eqn:Eg. clear Eg.
        set (rs := rows_of ph (S (length pre)) (plan_of f)) in *.
        set (d := divisor 1 rs g 1) in *.
        destruct (carried d 1 rs g ([], 0%Z)) as [[l b]|] eqn:C; [|discriminate].
        destruct (Z.ltb_spec 0 d) as [D|_]; [|discriminate]. injection E as <- <- <-.
        split; [lia|].
        assert (NE : nth_error net (length pre) = Some f).
        { rewrite N, nth_error_app2, PeanoNat.Nat.sub_diag by apply le_n. reflexivity. }
        pose proof (stage_rows_give net x ph (length pre) f H NE) as G. cbv zeta in G.
        assert (F : firstn (length pre) net = pre).
        { rewrite N, firstn_app, firstn_all, PeanoNat.Nat.sub_diag. simpl. apply app_nil_r. }
        rewrite F in G. fold v in G. fold rs in G.
        apply (carried_sound d v (stage_value f v) g rs 1 _ _ _ _ _ G eq_refl) in C.
        rewrite total_add_multiple, inject_Z_plus, !inject_Z_mult.
        unfold total in C at 3. cbn [value] in C. change (inject_Z 0) with 0 in C.
        setoid_replace (inject_Z d * inject_Z s' * (total p v
            + sum_of ps' (values_of fs (stage_value f v))))
          with (inject_Z d * inject_Z s' * total p v + inject_Z d * (inject_Z s'
            * sum_of ps' (values_of fs (stage_value f v)))) by ring.
        rewrite Q. setoid_replace (inject_Z d * inject_Z s' * total p v + total l v
            + (inject_Z c' * inject_Z d + inject_Z b))
          with (inject_Z d * inject_Z s' * total p v + inject_Z c' * inject_Z d
                + (total l v + inject_Z b)) by ring.
        rewrite C. ring.
Qed.

(** *** Over the inputs *)

Lemma plus_sound : forall a b, plus a b == a + b.
Proof.
  intros [n d] [m e]. unfold plus. cbn [Qnum Qden]. destruct (Pos.eqb_spec d e); [|reflexivity].
  subst. rewrite !Qmake_Qdiv, inject_Z_plus. field. discriminate.
Qed.

Lemma most_on_sound : forall x f ends j x' sum u, Forall2 between ends x' ->
  skipn (pred (Pos.to_nat j)) x = x' -> most_on j ends f sum = Some u -> total f x + sum <= u.
Proof.
  intros x f ends. revert f. induction ends as [|[lower upper] ends IH];
    intros [|[p c] f] j x' sum u B K E; cbn [most_on] in E; try discriminate.
  1, 2: injection E as <-; unfold total; cbn [value]; lra.
  inversion B as [|? q ? x'' [L U] B' E1 E2]; subst. symmetry in E2.
  apply skipn_coordinate in E2 as [C K]. cbn [fst snd] in L, U.
  destruct (Pos.eqb_spec j p) as [<-|_]; [|now apply (IH _ _ _ _ _ B' K E)].
  apply (IH _ _ _ _ _ B' K) in E. rewrite plus_sound in E. unfold total. cbn [value].
  fold (total f x). rewrite C. destruct (Z.leb_spec 0 c) as [P|P].
  - assert (0 <= inject_Z c) by (change 0 with (inject_Z 0); now rewrite <- Zle_Qle). nra.
  - assert (inject_Z c <= 0)
      by (change 0 with (inject_Z 0); rewrite <- Zle_Qle; now apply Z.lt_le_incl). nra.
Qed.

Lemma most_sound : forall X x f u, allowed X x -> most X f = Some u -> total f x <= u.
Proof.
  intros [ends|dim rs] x f u A E; cbn in E.
  - apply (most_on_sound x f ends 1 x 0 u A eq_refl) in E. lra.
  - destruct f; [|discriminate]. injection E as <-. apply Qle_refl.
Qed.

(** *** Terms and trees *)

Section Sound.

Variable net : stages.
Variable X : inputs.
Variable rows : PositiveMap.t bound_row.
Variable x : vec.
Hypothesis x_allowed : allowed X x.
Let t := values_of net x.
Hypothesis rows_hold : forall k r, PositiveMap.find k rows = Some r -> holds t r.
Let plans := map plan_of net.

Lemma unit_at_sound : forall i u ps, unit_at plans i u = Some ps -> exists i' ns n,
  i = S i' /\ nth_error net i' = Some (Bent ns) /\ nth_error ns (N.to_nat u) = Some n
  /\ ps = pieces n.
Proof.
  intros [|i] u ps E; [discriminate|]. cbn [unit_at] in E. unfold plans in E.
  rewrite nth_error_map in E. destruct (nth_error net i) as [[c rs|ns]|] eqn:N;
    cbn in E; try discriminate.
  rewrite nth_error_map in E. destruct (nth_error ns (N.to_nat u)) as [n|] eqn:M;
    cbn in E; [|discriminate].
  injection E as <-. exists i, ns, n. now repeat split.
Qed.

Lemma row_of_sound : forall ph r row, in_case net x ph -> row_of plans X rows ph r = Some row ->
  holds t row.
Proof.
  intros ph [k|k|i u n] row H E; cbn [row_of] in E.
  - now apply (rows_hold k).
  - destruct X as [ends|dim rs]; [discriminate|]. destruct x_allowed as [_ A].
    destruct (nth_error rs k) as [[a b]|] eqn:N; [|discriminate]. injection E as <-.
    apply nth_error_In in N. rewrite Forall_forall in A. specialize (A _ N).
    unfold holds, t. cbn [parts limit fst snd] in *. rewrite <- total_linear_of in A.
    destruct net; cbn [values_of sum_of]; lra.
  - destruct (unit_at plans i u) as [ps|] eqn:U; [|discriminate].
    destruct (phase ph i u) as [k|] eqn:K; [|discriminate].
    destruct (nth_error ps k) as [p|] eqn:P; [|discriminate].
    destruct (nth_error (sides p) n) as [[a b]|] eqn:S; [|discriminate]. injection E as <-.
    apply unit_at_sound in U as (i' & ns & m & -> & N & M & ->).
    destruct (H _ _ _ K) as (i'' & ns' & m' & p' & I & N' & M' & P' & [F _]).
    injection I as <-. assert (ns' = ns) by congruence. subst ns'.
    assert (m' = m) by congruence. subst m'. assert (p' = p) by congruence. subst p'.
    apply nth_error_In in S. rewrite Forall_forall in F. specialize (F _ S).
    unfold holds, t. cbn [parts limit fst snd pred] in *.
    rewrite sum_of_behind_layers, nth_error_values.
    assert (L : (i' < length net)%nat) by (apply nth_error_Some; congruence).
    destruct (Nat.leb_spec i' (length net)); [assumption | lia].
Qed.

Lemma subtract_sound : forall ph l f b rest b', in_case net x ph ->
  subtract plans X rows ph l f b = Some (rest, b') ->
  sum_of f t - inject_Z b <= sum_of rest t - inject_Z b'.
Proof.
  intros ph. induction l as [|[m r] l IH]; intros f b rest b' H E; cbn [subtract] in E.
  - injection E as <- <-. apply Qle_refl.
  - destruct (row_of plans X rows ph r) as [row|] eqn:R; [|discriminate].
    destruct (Z.leb_spec 0 m) as [M|_]; [|discriminate].
    apply (IH _ _ _ _ H) in E. apply row_of_sound in R; [|assumption]. unfold holds in R.
    rewrite sum_of_add_parts, inject_Z_opp in E. unfold Z.sub in E.
    rewrite inject_Z_plus, inject_Z_opp, inject_Z_mult in E.
    assert (0 <= inject_Z m) by (change 0 with (inject_Z 0); now rewrite <- Zle_Qle). nra.
Qed.

Lemma slack_sound : forall ph l f b z, in_case net x ph ->
  slack plans X rows ph l f b = Some z -> exists s, 0 < s /\ s * (sum_of f t - inject_Z b) <= - z.
Proof.
  intros ph l f b z H E. unfold slack in E.
  destruct (subtract plans X rows ph l f b) as [[rest b']|] eqn:S; [|discriminate].
  apply (subtract_sound _ _ _ _ _ _ H) in S.
  destruct (down ph 0 plans rest) as [[[q c] s]|] eqn:D; [|discriminate].
  destruct (down_sound net x ph H net [] rest q c s eq_refl D) as [P V]. cbn [final_value] in V.
  destruct (most X q) as [u|] eqn:M; [|discriminate].
  apply (most_sound X x q u x_allowed) in M.
  cbn [option_map] in E. injection E as <-. fold t in V.
  assert (Q : 0 < inject_Z s) by (change 0 with (inject_Z 0); now rewrite <- Zlt_Qlt).
  exists (inject_Z s). split; [assumption|]. unfold Z.sub.
  rewrite inject_Z_plus, inject_Z_opp, inject_Z_mult. nra.
Qed.

Lemma implied_sound : forall ph k l r, in_case net x ph ->
  implied plans X rows ph k l r = true -> holds t r.
Proof.
  intros ph k l r H E. unfold implied in E. apply andb_prop in E as [K E].
  apply Z.ltb_lt in K.
  destruct (slack plans X rows ph l (map (scale k) (parts r)) (k * limit r)) as [z|] eqn:S;
    [|discriminate].
  apply Qle_bool_iff in E. apply (slack_sound _ _ _ _ _ H) in S as (s & P & S).
  rewrite sum_of_scaled, inject_Z_mult in S. unfold holds.
  assert (Q : 0 < inject_Z k) by (change 0 with (inject_Z 0); now rewrite <- Zlt_Qlt).
  apply Qnot_lt_le. intros L.
  assert (0 < s * inject_Z k * (sum_of (parts r) t - inject_Z (limit r))).
  { apply Qmult_lt_0_compat; [now apply Qmult_lt_0_compat | lra]. }
  lra.
Qed.

Lemma excluded_sound : forall ph l, in_case net x ph ->
  excluded plans X rows ph l = true -> False.
Proof.
  intros ph l H E. unfold excluded in E.
  destruct (slack plans X rows ph l [] 0) as [z|] eqn:S; [|discriminate].
  apply (slack_sound _ _ _ _ _ H) in S as (s & P & S). cbn in S.
  assert (Z : z <= 0) by (change (inject_Z 0) with 0 in S; lra).
  apply Qle_bool_iff in Z. now rewrite Z in E.
Qed.

Lemma some_piece : forall i u ps, unit_at plans i u = Some ps -> exists k,
  (k < length ps)%nat /\ has_piece net x i u k.
Proof.
  intros i u ps U. apply unit_at_sound in U as (i' & ns & n & -> & N & M & ->).
  destruct (pieces_cover n (final_value (firstn i' net) x)) as (p & I & F).
  apply In_nth_error in I as [k K]. exists k. split.
  - apply nth_error_Some. congruence.
  - exists i', ns, n, p. split; [reflexivity|]. repeat (split; [assumption|]). exact F.
Qed.

Lemma in_case_cons : forall ph i u k, in_case net x ph -> has_piece net x i u k ->
  in_case net x ((i, u, k) :: ph).
Proof.
  intros ph i u k H P i' u' k' E. cbn [phase] in E.
  destruct ((i =? i')%nat && (u =? u')%N) eqn:A; [|now apply H].
  apply andb_prop in A as [A B]. apply PeanoNat.Nat.eqb_eq in A. apply N.eqb_eq in B. subst.
  now injection E as <-.
Qed.

Lemma covered_sound : forall r tree cases, covered plans X rows r tree cases = true ->
  Exists (in_case net x) cases -> holds t r.
Proof.
  intros r. induction tree0 as [|[i u|k l|l] tree0 IH]; intros [|ph cases] E C;
    cbn [covered] in E; try discriminate; try (now inversion C).
  - destruct (unit_at plans i u) as [ps|] eqn:U; [|discriminate].
    apply (IH _ E). apply Exists_cons in C as [C|C]; [|apply Exists_app; now right].
    apply Exists_app. left. destruct (some_piece i u ps U) as (k & K & P). apply Exists_exists.
    exists ((i, u, k) :: ph). split; [|now apply in_case_cons].
    apply (in_map (fun k => (i, u, k) :: ph)), in_seq. lia.
  - apply andb_prop in E as [A E]. apply Exists_cons in C as [C|C]; [|now apply (IH _ E)].
    now apply (implied_sound ph k l).
  - apply andb_prop in E as [A E]. apply Exists_cons in C as [C|C]; [|now apply (IH _ E)].
    exfalso. now apply (excluded_sound ph l).
Qed.

End Sound.

Lemma proved_sound : forall net X x, allowed X x -> forall nodes next rows rows',
  (forall k r, PositiveMap.find k rows = Some r -> holds (values_of net x) r) ->
  proved (map plan_of net) X nodes next rows = Some rows' ->
  forall k r, PositiveMap.find k rows' = Some r -> holds (values_of net x) r.
Proof.
  intros net X x A. induction nodes as [|n nodes IH]; intros next rows rows' H E;
    cbn [proved] in E.
  - injection E as <-. exact H.
  - destruct (covered (map plan_of net) X rows (stated n) (tree n) [[]]) eqn:C;
      [|discriminate].
    refine (IH _ _ _ _ E). intros k r F.
    destruct (Pos.eq_dec k next) as [->|K].
    + rewrite PositiveMap.gss in F. injection F as <-.
      apply (covered_sound net X rows x A H _ _ _ C). constructor. intros i u k E'.
      discriminate.
    + rewrite PositiveMap.gso in F by assumption. now apply (H k).
Qed.

(** *** Claims *)

Lemma parts_of_sound : forall k f ps t, parts_of k f = Some ps ->
  sum_of ps t == inject_Z k * amount f t.
Proof.
  intros k. induction f as [|[c [i j]] f IH]; intros ps t E; cbn [parts_of] in E.
  - injection E as <-. cbn. destruct t; ring.
  - set (a := (k * Qnum c / Zpos (Qden c))%Z) in *.
    destruct (Z.eqb_spec (a * Zpos (Qden c)) (k * Qnum c)) as [A|_]; [|discriminate].
    destruct (parts_of k f) as [ps'|]; [|discriminate]. injection E as <-.
    rewrite sum_of_add_parts, (IH ps' t eq_refl), sum_of_behind_layers. cbn [amount].
    assert (C : inject_Z a == inject_Z k * c).
    { assert (P : 0 < inject_Z (Zpos (Qden c))) by reflexivity.
      apply (Qmult_inj_r _ _ (inject_Z (Zpos (Qden c)))); [lra|].
      rewrite <- inject_Z_mult, A, inject_Z_mult, <- (den_times c). ring. }
    assert (V : match nth_error t i with
                | Some v => total (one (N.of_nat j) a) v | None => 0 end
                == inject_Z k * c * value_at t (i, j)).
    { unfold value_at. cbn [fst snd]. destruct (nth_error t i) as [v|] eqn:N.
      - apply nth_error_nth with (d := []) in N. rewrite N, total_one, C.
        unfold at_. now rewrite Nnat.Nat2N.id.
      - apply nth_error_None in N. rewrite (nth_overflow t) by assumption.
        destruct j; cbn; ring. }
    rewrite V. change (inject_Z 1) with 1. ring.
Qed.

Lemma sum_of_null : forall ps t, forallb null ps = true -> sum_of ps t == 0.
Proof.
  induction ps as [|[|e p] ps IH]; intros [|v t] E; cbn in *; try reflexivity;
    try discriminate.
  unfold total. cbn. rewrite (IH t E). ring.
Qed.

Lemma allowed_bool_sound : forall X x, allowed_bool X x = true -> allowed X x.
Proof.
  intros [ends|dim rs] x E; cbn in *; apply andb_prop in E as [L F];
    apply PeanoNat.Nat.eqb_eq in L.
  - revert x L F. induction ends as [|[a b] ends IH]; intros [|q x] L F; simpl in *;
      try discriminate; constructor.
    + apply andb_prop in F as [F _]. apply andb_prop in F as [A B].
      split; now apply Qle_bool_iff.
    + apply andb_prop in F as [_ F]. injection L as L. now apply IH.
  - split; [assumption|]. rewrite forallb_forall in F. apply Forall_forall. intros r I.
    now apply Qle_bool_iff, F.
Qed.

Theorem check_cases_sound : forall net X nodes claims,
  check_cases net X nodes claims = true -> Forall (claim_holds net X) (map fst claims).
Proof.
  intros net X nodes claims E. unfold check_cases in E.
  destruct (proved (map plan_of net) X nodes 1 (PositiveMap.empty bound_row)) as [rows|] eqn:P;
    [|discriminate].
  rewrite forallb_forall in E. apply Forall_map, Forall_forall. intros [c e] I.
  specialize (E _ I). destruct c as [f b|f b], e as [n k|x]; cbn [shown] in E;
    try discriminate; cbn [claim_holds fst].
  - intros x A. destruct (PositiveMap.find n rows) as [r|] eqn:N; [|discriminate].
    destruct (parts_of (Zpos k) f) as [ps|] eqn:F; [|discriminate].
    apply andb_prop in E as [Z L]. apply Qle_bool_iff in L.
    apply (sum_of_null _ (values_of net x)) in Z. rewrite sum_of_add_parts in Z.
    apply (parts_of_sound _ _ _ (values_of net x)) in F. rewrite F in Z.
    assert (R : holds (values_of net x) r).
    { apply (proved_sound net X x A nodes 1 (PositiveMap.empty bound_row) rows) with (k := n);
        trivial. intros k' r' G. now rewrite PositiveMap.gempty in G. }
    unfold holds in R. assert (K : 0 < inject_Z (Zpos k)) by reflexivity.
    apply (Qmult_le_l _ _ (inject_Z (Zpos k)) K). change (inject_Z (-1)) with (-(1)) in Z. lra.
  - apply andb_prop in E as [A V]. exists x. split; [now apply allowed_bool_sound|].
    now apply Qeq_bool_iff.
Qed.
