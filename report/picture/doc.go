// Package picture takes the pictures of a report: photos that a person adds, and the screen
// of a handset.
//
// A picture is decoded and redrawn, upright and no larger than a page shows. So the copy
// holds what the picture shows and nothing else: no place, no time, no camera, no thumbnail,
// nothing behind its end. It refuses files that are neither JPEG nor PNG, and a picture so large
// that decoding it would fill the memory.
//
// It knows no case and no page.
package picture
