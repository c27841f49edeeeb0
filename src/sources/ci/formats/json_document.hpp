// A report that is one JSON document, by simdjson.
#pragma once

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

// The document, which may stand behind lines that the program printed before it. `parser` keeps what is returned.
// Throws Error where there is none.
inline simdjson::dom::element document_of(simdjson::dom::parser& parser, std::string_view bytes) {
  constexpr int kMostTries = 64;  // each reads what is left once more
  simdjson::dom::element document;
  auto error = parser.parse(simdjson::padded_string(bytes)).get(document);
  int tries = 0;
  for (std::size_t at = bytes.find("\n{");
       error != simdjson::SUCCESS && at != std::string_view::npos && ++tries < kMostTries;
       at = bytes.find("\n{", at + 1))
    error = parser.parse(simdjson::padded_string(bytes.substr(at + 1))).get(document);
  if (error != simdjson::SUCCESS)
    throw Error(ErrorKind::failed, std::string("this JSON cannot be read: ") + simdjson::error_message(error),
                "was the run killed while it wrote?");
  return document;
}

template <class Each>
void each_of(const simdjson::dom::element& object, std::string_view key, const Each& each) {
  simdjson::dom::array list;
  if (object[key].get(list) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element& item : list) each(item);
}

}  // namespace resident::ci
