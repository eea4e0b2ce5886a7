// Package intake is the form that accompanies a handset (its owner, its fault, the
// agreements with the desk) and the claim that is written from the form.
//
// [Parse] reads a form, [Form.Problems] names the fields that are missing, wrong, or contradict
// the handset, [Form.Finding] answers for the report whether the form is about the handset,
// and [Claim] writes the message to the maker or the seller.
//
// A form is personal and can be deleted without breaking a seal; its salt keeps its
// content from being guessed from the digest that stays. The package refuses passcodes in
// any field, a fault that says nothing, and a claim for another handset. It opens no
// file: package casedir keeps the form.
package intake
