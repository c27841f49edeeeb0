// Where in a Python file code stands, and where strings and comments: read forward and only as far as asked. Fields of
// f-strings and t-strings are code, nested as PEP 701 nests them; a string that does not end where it must ends with
// its line, as the rest of a file is worth more than one broken literal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident::interest {

class PythonCode {
 public:
  PythonCode(const char* begin, const char* end);

  const char* first() const { return first_; }  // behind a byte order mark
  // Whether `place` is code. Places are asked for in order.
  bool reaches(const char* place);
  // How far was read: code begins again here.
  const char* at() const { return at_; }
  // Where to look on from `place`, which is no code.
  const char* resume(const char* place) const { return fields_.empty() ? at_ : place; }
  // The statement up to `place` was read by somebody else.
  void skip_to(const char* place) {
    if (place > at_) at_ = place;
  }
  // The line break that ended the last comment; null before.
  const char* last_comment_end() const { return comment_end_; }
  // Behind the string whose opening quote is at `quote`, read as a plain one.
  const char* string_end(const char* quote) const;

 private:
  struct Field {
    const char* begin;
    const char* end;
  };
  const char* read_string(const char* quote);
  // Behind an f-string, its fields kept; null where it is none that ends.
  const char* read_fields(const char* quote, bool raw, int depth);
  const char* read_field(const char* at, bool raw, const char* quote, std::ptrdiff_t quotes, int depth);
  const char* read_format(const char* at, bool raw, const char* quote, std::ptrdiff_t quotes, int depth);

  const char* begin_;
  const char* end_;
  const char* first_;
  const char* at_;
  const char* comment_end_ = nullptr;
  std::vector<Field> fields_;  // of the f-string just before at_
  int failures_ = 0;
};

// The text of a literal's inside, escapes done; false where it takes a table of names (\N{…}).
bool append_python_text(std::string_view inside, bool raw, std::string& text);

}  // namespace resident::interest
