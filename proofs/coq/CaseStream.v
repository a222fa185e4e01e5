(** * Certificates of rows and cases as arrays of machine integers

    Nothing here needs proof, as in [Stream.v], which says what numbers and rationals are.

    - entries: count, then for each an index and a number
    - row: count of layers from the inputs on, for each its entries; and the limit, a number
    - reason: 0 and a row; 1 and an input constraint; 2, a layer, a unit and a side
    - terms: count, then for each a number and a reason
    - tree: count, then for each node 0, a layer and a unit; 1, a number and terms; 2 and terms
    - node: a row and a tree
    - neuron: 0 (passes), 1 (ReLU) or 2 (absolute value) and an index; 3, a slope and an index;
      4, two ends, each 0 or 1 and a rational, and an index; 5 and two indices; 6 (maximum) or
      7 (minimum), an index and indices; 8 (sort) and indices
    - layer: 0, a divisor, count and for each row its entries and its bias; 1, count and neurons
    - inputs: 0, count and pairs of rationals; 1, dimension, count and for each row its entries
      and its limit
    - claim: 0 (bounded), form, value, a row and its factor; 1 (attained), form, value, input
    - document: layers, inputs, claims, nodes *)

From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Farkas Layered Stream NodeStream Neurons Cases.
Import ListNotations.
Open Scope Z_scope.

Definition an_index : reader N := read z from digit; pure (Z.to_N z).
Definition a_number_of_a_row : reader positive := read z from digit; pure (Z.to_pos (z + 1)).

Definition some_entries : reader entries := many (a_pair an_index number).

Definition a_bound_row : reader bound_row :=
  read ps from many some_entries; read b from number;
  pure {| parts := map linear_of ps; limit := b |}.

Definition a_case_reason : reader reason :=
  read t from digit;
  if t =? 0 then read k from a_number_of_a_row; pure (Row k)
  else if t =? 1 then read k from count; pure (Input k)
  else read i from count; read u from an_index; read n from count; pure (Side i u n).

Definition case_terms : reader terms := many (a_pair number a_case_reason).

Definition a_tree_node : reader tree_node :=
  read t from digit;
  if t =? 0 then read i from count; read u from an_index; pure (Split i u)
  else if t =? 1 then read k from number; read l from case_terms; pure (Leaf k l)
  else read l from case_terms; pure (Excluded l).

Definition a_case_node : reader node :=
  read r from a_bound_row; read l from many a_tree_node; pure {| stated := r; tree := l |}.

Definition read_nodes (a : array int) : list node := fst (many a_case_node (contents a)).

(** ** Whole documents, for the extracted checker *)

Definition maybe {A} (p : reader A) : reader (option A) :=
  read t from digit;
  if t =? 0 then pure None else read a from p; pure (Some a).

Definition a_neuron : reader neuron :=
  read t from digit;
  if t =? 0 then read j from an_index; pure (Pass j)
  else if t =? 1 then read j from an_index; pure (Relu j)
  else if t =? 2 then read j from an_index; pure (Absolute j)
  else if t =? 3 then read s from rational; read j from an_index; pure (Leaky s j)
  else if t =? 4 then
    read l from maybe rational; read u from maybe rational; read j from an_index;
    pure (Clip l u j)
  else if t =? 5 then read j from an_index; read k from an_index; pure (MaxMin j k)
  else if t =? 6 then read j from an_index; read js from many an_index; pure (Maximum j js)
  else if t =? 7 then read j from an_index; read js from many an_index; pure (Minimum j js)
  else read js from many an_index; pure (Sort js).

Definition a_stage : reader stage :=
  read t from digit;
  if t =? 0 then
    read c from number; read rows from many (a_pair some_entries number);
    pure (Weighted (Z.to_pos c) rows)
  else read ns from many a_neuron; pure (Bent ns).

Definition some_inputs : reader inputs :=
  read t from digit;
  if t =? 0 then read ends from many (a_pair rational rational); pure (Box ends)
  else
    read d from count; read rows from many (a_pair some_entries number); pure (Cut d rows).

Definition a_claim : reader (claim * evidence) :=
  read t from digit; read f from a_form; read b from rational;
  if t =? 0 then
    read n from a_number_of_a_row; read k from number;
    pure (Bounded f b, By n (Z.to_pos k))
  else read x from a_vector; pure (Attained f b, Run x).

Record case_document := {
  stages_of : stages;
  inputs_of : inputs;
  case_claims : list (claim * evidence);
  nodes_of : list node
}.

Definition read_case_document (s : stream) : case_document :=
  fst ((read net from many a_stage;
        read X from some_inputs;
        read claims from many a_claim;
        read nodes from many a_case_node;
        pure {| stages_of := net; inputs_of := X; case_claims := claims;
                nodes_of := nodes |}) s).

Definition check_case_document (d : case_document) : bool :=
  check_cases (stages_of d) (inputs_of d) (nodes_of d) (case_claims d).

Theorem check_case_document_sound : forall d, check_case_document d = true ->
  Forall (claim_holds (stages_of d) (inputs_of d)) (map fst (case_claims d)).
Proof. intros d. apply check_cases_sound. Qed.
