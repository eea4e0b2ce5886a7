// Package intake is the form that goes with a handset: whose it is, what is wrong with it,
// what was agreed, and the claim that is written from it.
//
// [Parse] reads a form, [Form.Problems] names what is missing, wrong, or contradicts the
// handset, [Form.Finding] answers for the report whether the form is about the handset,
// and [Claim] writes the message to the maker or the seller.
//
// A form is personal and can be deleted without breaking a seal; its salt keeps its
// content from being guessed from the digest that stays. The package refuses passcodes in
// any field, a fault that says nothing, and a claim for another handset. It opens no
// file: package casedir keeps the form.
package intake
