(** The checkers of certificates as a program in OCaml: see `checker.ml`. *)

From Coq Require Import ExtrOcamlBasic ExtrOcamlNatInt.
From Polyrelax Require Import NodeStream CaseStream.

Extraction "extracted.ml" read_document check_document read_case_document check_case_document.
