// The encodings of mail (RFC 2045, 2047): base64, quoted-printable, charsets,
// encoded words; and HTML as plain text, which forums need too. All of it takes
// what is broken: what cannot be decoded stays as it stands or becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace resident::mail {

std::string decode_base64(std::string_view text);
// in_header: "_" is a space (RFC 2047, 4.2).
std::string decode_quoted_printable(std::string_view text, bool in_header = false);
// To UTF-8, by glibc's iconv. A charset that is empty or unknown: as UTF-8 where it is that, else as Windows-1252.
std::string to_utf8(std::string_view text, std::string charset);
// "=?utf-8?q?J=C3=BCrgen?= <…>" → "Jürgen <…>".
std::string decode_words(std::string_view text);
// Paragraphs, list items and quotes keep their lines, quotes get "> ", code stands between ```; scripts, styles and
// markup are dropped; entities are resolved.
std::string html_to_text(std::string_view html);

}  // namespace resident::mail
