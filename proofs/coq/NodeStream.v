(** * Certificates of [Document.v] as arrays of machine integers

    As in [Stream.v], nothing here needs proof.

    - kind: 0 exact, 1 triangle, 2 and k for k-ReLU, 3 and k for M_k, 4 and r for P_r
    - place: depth, index; form: count, then for each term a rational and a place
    - reason: 0 and a row; 1 and an input constraint; 2 or 3 and a place; 4, a place and two
      rows; 5 and a place; terms: count, then for each a rational and a reason
    - cases: 0 or 1 and terms; 2, a place and two cases
    - node: 0, kind, depth, form, limit, terms; 1, kind, depth, form, limit, cases and, for each
      unstable neuron, its index and two points; 2 and an input; 3, kind, input, groups and
      stable neurons by layer; 4, r and mixtures by window
    - layer: 0, count, for each row its weights and its bias; 1, count and 1 or 0 for each
      neuron or coordinate that passes; 2 for an identity
    - polytope: dimension, count, for each constraint its normal and its offset
    - statement: 0 (at most) or 1 (reaches), kind, form, value
    - document: layers, polytope, statements, each with a row or a point, and nodes *)

From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Relaxation Stream Layered Rows Document.
Import ListNotations.
Open Scope Z_scope.

Definition a_pair {A B} (p : reader A) (q : reader B) : reader (A * B) :=
  read a from p; read b from q; pure (a, b).

Definition a_place : reader place := a_pair count count.
Definition a_form : reader form := many (a_pair rational a_place).

Definition a_kind : reader kind :=
  read t from digit;
  if t =? 0 then pure Exact
  else if t =? 1 then pure Triangle
  else if t =? 2 then read k from count; pure (KReLU k)
  else if t =? 3 then read k from count; pure (MultiNeuron k)
  else read r from count; pure (Windowed r).

Definition a_reason : reader reason :=
  read t from digit;
  if t =? 0 then read k from count; pure (Known k)
  else if t =? 1 then read k from count; pure (Input k)
  else
    read p from a_place;
    if t =? 2 then pure (Positive p)
    else if t =? 3 then pure (Above p)
    else if t =? 4 then read l from count; read h from count; pure (Upper p l h)
    else pure (Sign p).

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
  else read r from count; read w from many a_mixture; pure (Glued r w).

Definition nodes_of (s : stream) : list node := fst (many (a_node (List.length s)) s).

Definition read_nodes (a : array int) : list node := nodes_of (contents a).

(** ** Whole documents, for the extracted checker *)

Definition a_vector : reader vec := many rational.
Definition some_rows : reader (list (vec * Q)) := many (a_pair a_vector rational).

Definition a_layer : reader layer :=
  read t from digit;
  if t =? 0 then read rows from some_rows; pure (Affine rows)
  else if t =? 1 then read mask from many digit; pure (ReLU (map (Z.eqb 1) mask))
  else pure Identity.

Definition a_polytope : reader polytope :=
  read d from count; read rows from some_rows;
  pure {| dimension := d; constraints := rows |}.

Definition a_statement : reader statement :=
  read t from digit; read k from a_kind; read f from a_form; read b from rational;
  pure (if t =? 0 then AtMost k f b else Reaches k f b).

Record document := {
  network_of : network;
  domain_of : polytope;
  claims_of : list (statement * nat);
  evidence_of : list node
}.

Definition read_document (s : stream) : document :=
  fst ((read net from many a_layer;
        read X from a_polytope;
        read claims from many (a_pair a_statement count);
        read nodes from many (a_node (List.length s));
        pure {| network_of := net; domain_of := X; claims_of := claims; evidence_of := nodes |}) s).

Definition check_document (d : document) : bool :=
  check (network_of d) (domain_of d) (evidence_of d) (claims_of d).

Theorem check_document_sound : forall d, check_document d = true ->
  Forall (true_of (inside (domain_of d)) (network_of d)) (map fst (claims_of d)).
Proof. intros d. apply check_sound. Qed.
