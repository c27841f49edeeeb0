// Text as the engines' indexes take it: our own words (text/tokens.hpp), joined by
// spaces for FTS5, with their places and fields for PostgreSQL.
#pragma once

#include <string>
#include <string_view>

namespace resident {

std::string words_text(std::string_view text);
// 'word':1A,2A 'other':3B …: the text form of a tsvector; A: title, B: body, C: replies. Words
// beyond the last place that a tsvector can tell are found, but not in a row.
std::string tsvector_text(std::string_view title, std::string_view body, std::string_view replies);

}  // namespace resident
