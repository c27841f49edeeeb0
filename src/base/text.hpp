// Text. All text that comes from forges, mails, logs and repositories is
// hostile: it is made valid, bounded and escaped here before it goes anywhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// Valid UTF-8 without NUL: bad bytes and NULs become U+FFFD; text that is not
// UTF-8 but whose bytes are all Latin-1 letters is not guessed at. At most
// max_bytes are kept (cut at a character), then "…" is added.
std::string clean_text(std::string_view text, std::size_t max_bytes = std::string_view::npos);
bool is_clean_text(std::string_view text);

// For one line on a terminal or in a table: control characters (escape codes and
// line breaks among them) and bidirectional overrides become spaces.
std::string one_line(std::string_view text);
// What a reader sees of it: without control characters (but line breaks and tabs),
// bidirectional overrides, invisible characters that can carry hidden words (zero-width
// spaces, tags, supplementary variation selectors) and closed HTML comments. For readers
// that take every byte for words, as language models do.
std::string visible_text(std::string_view text);
// Columns that text takes on a terminal (wide characters two, combining none).
std::size_t display_width(std::string_view text);
// At most that many columns, with "…" where something was cut.
std::string fit_width(std::string_view text, std::size_t columns);

std::string escape_html(std::string_view text);
std::string escape_markdown(std::string_view text);  // and keeps it on one line
// Percent-encoding of everything but unreserved characters and '/'.
std::string escape_url(std::string_view text);
// text if it is an http or https address without control characters, else "".
std::string safe_url(std::string_view text);

std::string to_lower(std::string_view text);  // ASCII only
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
bool contains_ignoring_case(std::string_view text, std::string_view part);  // ASCII

// The candidate nearest to word by edit distance (Damerau–Levenshtein), if near
// enough to be meant; else "".
std::string near_miss(std::string_view word, const std::vector<std::string>& candidates);

// 1234567 → "1,234,567".
std::string with_thousands(long long number);
// "1 issue", "2 issues".
std::string plural(long long count, std::string_view singular, std::string_view plural_form = {});

// "256M" → bytes: a whole number with K, M or G (powers of 1024), of at least one
// megabyte. Throws Error{usage}.
std::size_t parse_memory(std::string_view text);

// E-mail addresses in text become "<e-mail>".
std::string blank_emails(std::string_view text);

// XXH3, 128 bits, as 32 hexadecimal digits: a fingerprint, not a secret.
std::string fingerprint(std::string_view bytes);

}  // namespace resident
