// Package starthere writes START-HERE.html, the page in a case for the owner: where the
// photos, contacts and messages are, what goes into the parcel, how news of the repair
// comes, who pays the postage, and how the data comes back.
//
// [Page] names only existing files of the case. It is no part of the sealed package and holds no
// answer of the intake form but the route of the claim.
//
// A folder that a backup was opened into gets the same page, with its data alone.
package starthere
