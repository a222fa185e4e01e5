(** * Certificates of [Document.v] as arrays of machine integers

    As in [Stream.v], nothing here needs proof.

    - method: 0 DeepPoly-0, 1 DeepPoly-1, 2 CROWN, 3 Fast-Lin
    - kind: 0 exact, 1 triangle, 2 and k for k-ReLU, 3 and k for M_k, 4 and r for P_r,
      5 interval bounds, 6 and a method, 7 under the assumptions
    - place: depth, index; form: count, then for each term a rational and a place
    - reason: 0 and a row; 1 and an input constraint; 2 or 3 and a place; 4, a place and two
      rows; 5 and a place; 6, a place and a range
    - terms: count, then for each a rational and a reason
    - cases: 0 or 1 and terms; 2, a place and two cases
    - node: 0, kind, depth, form, limit, terms; 1, kind, depth, form, limit, cases and, for each
      unstable neuron, its index and two points; 2 and an input; 3, kind, input, groups and
      stable neurons by layer; 4, r and mixtures by window; 5, kind, place, two rows and two
      points; 6, method and vectors; 7, ranges of the inputs, a point and for each row its
      place and 1 for the upper end or 0
    - evidence: 0, the centre of a hull and its weights, rays, heights, simplices, vectors
      beyond the rows, peaks, the numbers of rows and of points, where a simplex is its form,
      what divides it, its row and for each corner the point, the dual and the neighbour; 1 and
      a mixture; 2 and pairs: count, then for each a rational and two points
    - certificate: nodes and evidence
    - layer: 0, count, for each row its weights and its bias; 1, count and 1 or 0 for each
      neuron or coordinate that passes; 2 for an identity
    - polytope: dimension, count, for each constraint its normal and its offset
    - statement: 0 (at most) or 1 (reaches), kind, form, value; 2, kind, places, rows and
      points of a hull; 3, form and span; 4, assumptions, form, value;
      5, fan, form, value of what is missed
    - assumptions: count, for each a form and a limit; they count as rows behind all others
    - document: layers, polytope, assumptions, statements, each with the number of what proves
      it, and the certificate *)

From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Relaxation Stream Layered Lines Rows Hulls Document.
Import ListNotations.
Open Scope Z_scope.

Definition a_pair {A B} (p : reader A) (q : reader B) : reader (A * B) :=
  read a from p; read b from q; pure (a, b).

Definition a_place : reader place := a_pair count count.
Definition a_form : reader form := many (a_pair rational a_place).

Definition a_method : reader method :=
  read t from digit;
  pure (if t =? 0 then DeepPoly0 else if t =? 1 then DeepPoly1
        else if t =? 2 then CROWN else FastLin).

Definition a_kind : reader kind :=
  read t from digit;
  if t =? 0 then pure Exact
  else if t =? 1 then pure Triangle
  else if t =? 2 then read k from count; pure (KReLU k)
  else if t =? 3 then read k from count; pure (MultiNeuron k)
  else if t =? 4 then read r from count; pure (Windowed r)
  else if t =? 5 then pure Boxed
  else if t =? 6 then read m from a_method; pure (Lined m)
  else pure Assumed.

Definition a_reason : reader reason :=
  read t from digit;
  if t =? 0 then read k from count; pure (Known k)
  else if t =? 1 then read k from count; pure (Input k)
  else
    read p from a_place;
    if t =? 2 then pure (Positive p)
    else if t =? 3 then pure (Above p)
    else if t =? 4 then read l from count; read h from count; pure (Upper p l h)
    else if t =? 5 then pure (Sign p)
    else read n from count; pure (Lower p n).

Definition some_terms : reader terms := many (a_pair rational a_reason).

Fixpoint some_cases (fuel : nat) : reader cases :=
  match fuel with
  | O => pure (Leaf [])
  | S n =>
      read t from digit;
      if t =? 0 then read l from some_terms; pure (Leaf l)
      else if t =? 1 then read l from some_terms; pure (Empty l)
      else
        read p from a_place; read off from some_cases n; read on from some_cases n;
        pure (Branch p off on)
  end.

Definition a_vector : reader vec := many rational.

Definition a_mixture : reader (list (Q * nat)) := many (a_pair rational count).

Definition a_group : reader group :=
  read J from many count; read m from a_mixture; pure {| members := J; mixture := m |}.

Definition a_node (fuel : nat) : reader node :=
  read t from digit;
  if t =? 0 then
    read k from a_kind; read d from count; read f from a_form; read b from rational;
    read l from some_terms; pure (Linear k d f b l)
  else if t =? 1 then
    read k from a_kind; read d from count; read f from a_form; read b from rational;
    read c from some_cases fuel; read u from many (a_pair count a_place);
    pure (Cases k d f b c u)
  else if t =? 2 then read x from many rational; pure (Run x)
  else if t =? 3 then
    read k from a_kind; read x from many rational; read g from many (many a_group);
    read s from many (many a_place); pure (Mixed k x g s)
  else if t =? 4 then read r from count; read w from many a_mixture; pure (Glued r w)
  else if t =? 5 then
    read k from a_kind; read p from a_place; read l from count; read h from count;
    read a from count; read b from count; pure (Range k p l h a b)
  else if t =? 6 then read m from a_method; read v from many a_vector; pure (Between m v)
  else
    read ns from many count; read n from count;
    read l from many (a_pair a_place (read u from digit; pure (u =? 1)));
    pure (Boxes ns n l).

Definition some_rows : reader (list (vec * Q)) := many (a_pair a_vector rational).

Definition a_corner : reader corner :=
  read i from count; read v from a_vector; read k from count;
  pure {| which := i; dual := v; neighbour := k |}.

Definition a_simplex : reader simplex :=
  read v from a_vector; read q from rational; read k from count; read cs from many a_corner;
  pure {| level := v; factor := q; inside_row := k; corners := cs |}.

Definition a_spread : reader spread :=
  read m from a_vector; read ws from a_vector; read rs from many a_vector;
  read hs from a_vector;
  read ss from many a_simplex; read vs from many a_vector; read ps from many a_vector;
  pure {| centre := m; centre_weights := ws; rays := rs; heights := hs;
          simplices := ss; beyond := vs; peaks := ps |}.

Definition some_evidence : reader evidence :=
  read t from digit;
  if t =? 0 then
    read e from a_spread; read ms from many count; read ns from many count;
    pure (Spread e ms ns)
  else if t =? 1 then read l from a_mixture; pure (Functional l)
  else read l from many (a_pair rational (a_pair count count)); pure (Paired l).

Definition a_certificate (fuel : nat) : reader certificate :=
  a_pair (many (a_node fuel)) (many some_evidence).

Definition read_certificate (a : array int) : certificate :=
  let s := contents a in fst (a_certificate (List.length s) s).

(** ** Whole documents, for the extracted checker *)

Definition a_layer : reader layer :=
  read t from digit;
  if t =? 0 then read rows from some_rows; pure (Affine rows)
  else if t =? 1 then read mask from many digit; pure (ReLU (map (Z.eqb 1) mask))
  else pure Identity.

Definition a_polytope : reader polytope :=
  read d from count; read rows from some_rows;
  pure {| dimension := d; constraints := rows |}.

Definition some_assumptions : reader (list (form * Q)) := many (a_pair a_form rational).

Definition a_statement : reader statement :=
  read t from digit;
  if t =? 5 then
    read F from rational; read f from a_form; read b from rational; pure (Missed F f b)
  else if t =? 4 then
    read rs from some_assumptions; read f from a_form; read b from rational;
    pure (Under rs f b)
  else
  if t =? 3 then read f from a_form; read l from many a_form; pure (Outside f l)
  else
    read k from a_kind;
    if t =? 2 then
      read ps from many a_place; read rows from some_rows; read vs from many a_vector;
      pure (HullOf k ps rows vs)
    else
      read f from a_form; read b from rational;
      pure (if t =? 0 then AtMost k f b else Reaches k f b).

Record document := {
  network_of : network;
  domain_of : polytope;
  assumed_of : list (form * Q);
  claims_of : list (statement * nat);
  evidence_of : certificate
}.

Definition read_document (s : stream) : document :=
  fst ((read net from many a_layer;
        read X from a_polytope;
        read rs from some_assumptions;
        read claims from many (a_pair a_statement count);
        read c from a_certificate (List.length s);
        pure {| network_of := net; domain_of := X; assumed_of := rs;
                claims_of := claims; evidence_of := c |}) s).

Definition check_document (d : document) : bool :=
  check (network_of d) (domain_of d) (assumed_of d) (evidence_of d) (claims_of d).

Theorem check_document_sound : forall d, check_document d = true ->
  Forall (true_of (inside (domain_of d)) (network_of d)) (map fst (claims_of d)).
Proof. intros d. apply check_sound. Qed.
