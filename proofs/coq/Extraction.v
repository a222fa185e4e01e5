(** The checker of certificates as a program in OCaml: see `checker.ml`. *)

From Coq Require Import ExtrOcamlBasic ExtrOcamlNatInt.
From Polyrelax Require Import NodeStream.

Extraction "extracted.ml" read_document check_document.
