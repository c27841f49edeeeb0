// What a label can be told by: the words of an issue's title and text and their pairs,
// pieces of the title, the headings of its template, its shape (code, traces, pictures,
// length), and phrases that people use when something is broken, wished for or asked.
// Each feature is a hash within its view; how often it stands there counts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::labels {

enum View : std::size_t {
  title_words,
  body_words,
  opening_words,
  all_words,
  code_words,
  headings,
  title_pieces,
  shape,
  phrases,
  kViews
};

struct Features {
  std::array<std::vector<std::uint64_t>, kViews> of{};
};

Features features_of(std::string_view title, std::string_view body);
// The same with their texts, in the same order, for explanations.
void for_each_feature(std::string_view title, std::string_view body,
                      const std::function<void(View, std::uint64_t, const std::string&)>& take);

}  // namespace resident::labels
