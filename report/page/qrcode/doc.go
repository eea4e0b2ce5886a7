// Package qrcode makes QR codes of text, at error correction level M (ISO/IEC 18004).
//
// [Encode] writes the text as bytes and takes the smallest version that holds it. It has no
// other levels or modes, and draws nothing: a caller draws the modules, and leaves the white
// border that a reader needs. A general library chooses the mask so slowly that the code
// took longer than the rest of the page.
package qrcode
