// Where in a JavaScript or TypeScript file code stands, read forward and only as far as asked; see javascript.hpp for
// what is guessed. Code between the braces of a template is code.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace resident::interest {

class JavascriptCode {
 public:
  JavascriptCode(const char* begin, const char* end) : begin_(begin), end_(end), at_(begin) {}

  // Whether `place` is code. Places are asked for in order; at() is how far was read.
  bool reaches(const char* place);
  const char* at() const { return at_; }
  // Where the last comment ended that was read; null before.
  const char* comment_end() const { return comment_end_; }
  // The statement up to `place` was read by somebody else; it holds no template.
  void skip_to(const char* place) {
    if (place > at_) at_ = place;
  }
  // Behind blanks, line breaks and comments.
  const char* skip_blank(const char* at) const;
  // Before blanks, line breaks and block comments.
  const char* skip_back(const char* at) const;

 private:
  const char* read_special(const char* special);
  const char* skip_string(const char* quote) const;
  const char* skip_template(const char* at);  // from its inside on, to behind its end or into a field
  const char* skip_pattern(const char* slash) const;
  bool begins_pattern(const char* slash) const;
  bool is_after_condition(const char* bracket) const;

  const char* begin_;
  const char* end_;
  const char* at_;
  const char* comment_end_ = nullptr;
  std::vector<std::size_t> braces_;  // open ones in each field of a template that is being read
};

}  // namespace resident::interest
