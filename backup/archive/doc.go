// Package archive keeps whole cases off the machine: in a folder such as a share, or in any
// other [Store], such as package s3's. It writes a case, reads it back, fetches it, checks a
// sample of it, and deletes every version of it.
//
// A case is these objects below its ID:
//
//	key.age              the key of this case, encrypted to the keys of the chain
//	packs/00000.age …    the saved data, end to end, in pieces of 256 MiB
//	package/NAME.age     each file of the sealed package
//	index.age            the names, sizes, times and SHA-256 of the files, and where each begins
//	list.json            the names, sizes and SHA-256 of these objects, written last
//
// All but list.json are age files, encrypted to the public half of the key of the case.
// Nothing about the owner can be read without a key of the chain: no name, size or date of a
// file, no number of the handset. With key.age gone, no key opens the rest. Whoever writes
// needs no secret key, so a desk that is killed resumes, and cannot open the cases of others.
//
// An archive counts once list.json is written, and that comes after every object was read
// back and had the SHA-256 it was written with. [Write] resumes: packs that are there, and
// whose SHA-256 and contents are those of its journal, stay.
//
// Everything a store answers is hostile: answers are bounded by what list.json says,
// list.json by a limit, and nothing is written under a name that leads out of a folder.
// That an archive is the one that was written is known from the digest of list.json, which
// the case keeps; the seal and the manifest inside prove the rest.
//
// The package holds no network client and asks nobody. It imports agefile to encrypt, and
// casedir to know the files of a case.
package archive
