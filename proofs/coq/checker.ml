(* Check certificates: `python generate.py --stream FILE | ./checker`.

   Reads whole numbers below 2^62, the stream that NodeStream.v describes, and prints `accepted`
   or `rejected`; the exit status is 0 or 1.  What decides is extracted from Coq, where
   `check_document_sound` is proved of it; this file only reads. *)

open Extracted

let rec positive n =
  if n = 1 then XH else if n land 1 = 0 then XO (positive (n / 2)) else XI (positive (n / 2))

let rec numbers found =
  match Scanf.scanf " %s" (fun text -> text) with
  | "" -> List.rev found
  | text ->
      let n = int_of_string text in
      numbers ((if n = 0 then Z0 else Zpos (positive n)) :: found)

let () =
  let accepted = check_document (read_document (numbers [])) in
  print_endline (if accepted then "accepted" else "rejected");
  exit (if accepted then 0 else 1)
