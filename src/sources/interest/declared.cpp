#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/declared.hpp>
#include <string>

namespace resident::interest {

namespace {

// Words and signs of the head of a file, comments passed by.
class HeadReader {
 public:
  explicit HeadReader(std::string_view text) : begin_(text.data()), end_(text.data() + text.size()), at_(begin_) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ += 3;
  }

  void skip_blank() {
    while (at_ < end_) {
      if (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r' || *at_ == '\f') {
        ++at_;
      } else if (*at_ == '/' && end_ - at_ > 1 && at_[1] == '/') {
        at_ = find_byte(at_, end_, '\n');
      } else if (*at_ == '/' && end_ - at_ > 1 && at_[1] == '*') {
        for (at_ += 2; (at_ = find_byte(at_, end_, '*')) != end_ && !(end_ - at_ > 1 && at_[1] == '/');) ++at_;
        at_ = end_ - at_ > 2 ? at_ + 2 : end_;
      } else {
        return;
      }
    }
  }
  bool takes(char sign) {
    skip_blank();
    if (at_ == end_ || *at_ != sign) return false;
    ++at_;
    return true;
  }
  std::string_view word() {
    skip_blank();
    const char* start = at_;
    while (at_ < end_ && (is_word_byte(*at_) || *at_ == '$')) ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  bool takes_word(std::string_view wanted) {
    const char* before = at_;
    if (word() == wanted) return true;
    at_ = before;
    return false;
  }
  // A literal of Go; empty where there is none.
  std::string_view text() {
    skip_blank();
    if (at_ == end_ || (*at_ != '"' && *at_ != '`')) return {};
    const char* stop = find_any(at_ + 1, end_, *at_, '\n');
    if (stop == end_ || *stop != *at_) return {};
    const std::string_view found(at_ + 1, static_cast<std::size_t>(stop - at_ - 1));
    at_ = stop + 1;
    return found;
  }
  // An annotation of Java, with its brackets.
  bool takes_annotation() {
    const char* before = at_;
    if (!takes('@') || word() == "interface") {
      at_ = before;
      return false;
    }
    while (takes('.')) word();
    if (!takes('(')) return true;
    for (int depth = 1; depth > 0;) {
      skip_blank();
      at_ = find_any(at_, end_, '(', ')', '"', '\'', '/');
      if (at_ == end_) return false;
      depth += *at_ == '(' ? 1 : *at_ == ')' ? -1 : 0;
      if (*at_ == '"' || *at_ == '\'')
        skip_string();
      else
        ++at_;
    }
    return true;
  }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  bool is_end() const { return at_ == end_; }

 private:
  void skip_string() {
    const char mark = *at_++;
    while (at_ < end_ && *at_ != mark && *at_ != '\n') at_ += *at_ == '\\' && end_ - at_ > 1 ? 2 : 1;
    if (at_ < end_) ++at_;
  }

  const char* begin_;
  const char* end_;
  const char* at_;
};

void read_go_import(HeadReader& head, Mentions& mentions) {
  const std::size_t offset = head.offset();
  const bool is_all = head.takes('.');
  if (!is_all) head.word();
  const std::string_view path = head.text();
  if (path.empty()) return;
  mentions.add({path, is_all ? "*" : "", offset, true});
}

// a.b.C: the package a.b, and of it C.
void add_java(const std::string& path, std::size_t offset, Mentions& mentions) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) {
    mentions.add({mentions.keep(path), {}, offset, true});
  } else {
    mentions.add({mentions.keep(path.substr(0, dot)), mentions.keep(path.substr(dot + 1)), offset, true});
  }
}

}  // namespace

void scan_go(std::string_view text, Mentions& mentions) {
  HeadReader head(text);
  if (!head.takes_word("package")) return;
  head.word();
  head.takes(';');
  while (head.takes_word("import")) {
    if (head.takes('(')) {
      while (!head.takes(')')) {
        const std::size_t before = head.offset();
        head.skip_blank();
        read_go_import(head, mentions);
        head.takes(';');
        if (head.is_end() || head.offset() == before) return;
      }
    } else {
      head.skip_blank();
      read_go_import(head, mentions);
    }
    head.takes(';');
  }
}

void scan_java(std::string_view text, Mentions& mentions) {
  HeadReader head(text);
  for (;;) {
    while (head.takes(';') || head.takes_annotation()) {
    }
    if (head.takes_word("package")) {
      for (head.word(); head.takes('.');) head.word();
      continue;
    }
    head.skip_blank();
    const std::size_t offset = head.offset();
    if (!head.takes_word("import")) return;
    head.takes_word("static");
    std::string_view part = head.word();
    bool is_module = false;
    if (part.empty()) return;
    if (part == "module") {
      // import module java.base; but a package may be called so.
      const std::string_view name = head.word();
      is_module = !name.empty();
      if (is_module) part = name;
    }
    std::string path(part);
    while (head.takes('.')) {
      path += '.';
      path += head.takes('*') ? "*" : head.word();
    }
    if (is_module) path += ".*";
    add_java(path, offset, mentions);
  }
}

}  // namespace resident::interest
