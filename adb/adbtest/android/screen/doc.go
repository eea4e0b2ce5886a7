// Package screen is the screen of an emulated handset: the pages of the vendor's
// factory reset, what a touch on them does, and the commands input and uiautomator
// through which a computer sees and touches them.
//
// A page shows its words in the handset's language. Pages outside the vendor's
// reset show their texts and lead nowhere.
package screen
