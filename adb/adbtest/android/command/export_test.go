package command

// MakeAPK makes a package file with these attributes of its manifest.
var MakeAPK = makeAPK
