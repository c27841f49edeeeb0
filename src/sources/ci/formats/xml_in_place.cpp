#include <algorithm>
#include <array>
#include <cstring>
#include <sources/ci/formats/xml_in_place.hpp>
#include <sources/decode/decode.hpp>

namespace resident::ci::xml {

namespace {

constexpr std::uint32_t kDeepest = 64;                             // of elements in one Tree; deeper ones are left out
constexpr std::size_t kMostTexts = 256, kLongestText = 1U << 20U;  // pieces of text that are put together, and bytes

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

constexpr std::array<bool, 256> kNameBytes = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[static_cast<std::size_t>(c)] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                         c == '_' || c == '-' || c == '.' || c == ':' || c >= 0x80;
  return table;
}();
bool is_name(char c) {
  return kNameBytes[static_cast<unsigned char>(c)];
}
bool begins_name(char c) {
  return is_name(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.';
}

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | code >> 6U);
    text += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | code >> 12U);
    text += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    text += static_cast<char>(0xF0U | code >> 18U);
    text += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    text += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

// "#x1B" and "#27"; false where it is no number of a character.
bool append_reference(std::string& text, std::string_view reference) {
  const bool is_hex = reference.size() > 1 && (reference[1] == 'x' || reference[1] == 'X');
  std::uint32_t code = 0;
  std::size_t digits = 0;
  for (std::size_t at = is_hex ? 2 : 1; at < reference.size(); ++at, ++digits) {
    const char c = reference[at];
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (is_hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
    if (digit >= (is_hex ? 16U : 10U) || code > 0x10FFFF) return false;
    code = code * (is_hex ? 16U : 10U) + digit;
  }
  if (digits == 0 || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  append_utf8(text, code);
  return true;
}

// '&' or a control character, eight bytes at a time: most values have none.
bool has_special(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U, kBlank = 0x2020202020202020U, kOne = 0x0101010101010101U;
  constexpr std::uint64_t kAmpersand = 0x2626262626262626U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t ampersand = word ^ kAmpersand;
    if ((((word - kBlank) | (ampersand - kOne)) & ~word & kHigh) != 0) return true;
  }
  for (; at < text.size(); ++at)
    if (text[at] == '&' || (text[at] >= 0 && text[at] < 0x20)) return true;
  return false;
}

}  // namespace

std::string decoded(std::string_view raw, bool is_attribute) {
  constexpr std::size_t kLongestEntity = 10;
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
  std::string text;
  text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    const std::size_t special = std::min(raw.find_first_of(is_attribute ? "&\r\n\t" : "&\r", at), raw.size());
    text += raw.substr(at, special - at);
    at = special;
    if (at == raw.size()) break;
    const char c = raw[at];
    if (c == '\r') {  // an end of line is "\n", whoever wrote it
      if (at + 1 < raw.size() && raw[at + 1] == '\n') continue;
      text += is_attribute ? ' ' : '\n';
      continue;
    }
    if (is_attribute && (c == '\n' || c == '\t')) {
      text += ' ';
      continue;
    }
    const std::size_t end = raw.substr(at, kLongestEntity + 2).find(';');
    if (end == std::string_view::npos) {
      text += c;
      continue;
    }
    const std::string_view entity = raw.substr(at + 1, end - 1);
    const auto known =
        std::find_if(kEntities.begin(), kEntities.end(), [&](const auto& each) { return each.first == entity; });
    if (known != kEntities.end()) {
      text += known->second;
    } else if (!entity.starts_with('#') || !append_reference(text, entity)) {
      text += c;  // declared by the document, or none: kept as it stands
      continue;
    }
    at += end;
  }
  return text;
}

// ---- Scanner

Scanner::Token Scanner::cut_off() {
  is_cut_off_ = true;
  at_ = bytes_.size();
  return Token::end;
}

void Scanner::note_broken(std::size_t at) {
  if (broken_++ == 0) first_broken_ = at;
}

Scanner::Token Scanner::next() {
  while (at_ < bytes_.size()) {
    if (bytes_[at_] != '<') {
      const std::size_t from = at_;
      const void* found = std::memchr(bytes_.data() + at_, '<', bytes_.size() - at_);
      at_ =
          found == nullptr ? bytes_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
      const char* end = bytes_.data() + at_;
      const char* first = bytes_.data() + from;
      while (first != end && is_blank(*first)) ++first;
      if (first == end) continue;
      text_ = bytes_.substr(from, at_ - from);
      is_plain_text_ = false;
      return Token::text;
    }
    if (at_ + 1 >= bytes_.size()) return cut_off();
    const char second = bytes_[at_ + 1];
    if (second == '!' || second == '?') {
      if (markup()) return token_;
      continue;
    }
    if (second == '/' || begins_name(second)) {
      const std::size_t from = at_;
      if (tag()) return token_;
      if (is_cut_off_) return Token::end;
      note_broken(from);
      continue;
    }
    // A '<' that nobody escaped.
    note_broken(at_);
    const std::size_t from = at_++;
    at_ = std::min(bytes_.find('<', at_), bytes_.size());
    text_ = bytes_.substr(from, at_ - from);
    is_plain_text_ = false;
    return Token::text;
  }
  return Token::end;
}

bool Scanner::markup() {
  const std::string_view rest = bytes_.substr(at_);
  const auto section = [&](std::string_view open, std::string_view close, Token token) {
    const std::size_t end = rest.find(close, open.size());
    if (end == std::string_view::npos) {
      // What there is of it may hold why a run died.
      text_ = rest.substr(open.size());
      is_plain_text_ = true;
      token_ = token;
      cut_off();
      return true;
    }
    text_ = rest.substr(open.size(), end - open.size());
    is_plain_text_ = true;
    at_ += end + close.size();
    token_ = token;
    return true;
  };
  if (rest.starts_with("<![CDATA[")) return section("<![CDATA[", "]]>", Token::text);
  if (rest.starts_with("<!--")) return section("<!--", "-->", Token::comment);
  if (rest.starts_with("<?")) {
    const std::size_t end = rest.find("?>");
    if (end == std::string_view::npos) {
      cut_off();
    } else {
      at_ += end + 2;
    }
    return false;
  }
  // <!DOCTYPE …[ … ]>: nothing of it is used.
  std::size_t at = 2, brackets = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '[') ++brackets;
    if (c == ']' && brackets > 0) --brackets;
    if (c == '>' && brackets == 0) break;
  }
  if (at >= rest.size()) {
    cut_off();
  } else {
    at_ += at + 1;
  }
  return false;
}

bool Scanner::tag() {
  const bool is_close = bytes_[at_ + 1] == '/';
  std::size_t at = at_ + (is_close ? 2 : 1);
  const std::size_t from = at;
  while (at < bytes_.size() && is_name(bytes_[at])) ++at;
  if (at >= bytes_.size()) {
    cut_off();
    return false;
  }
  name_ = bytes_.substr(from, at - from);
  at_ = at;
  if (is_close) {
    while (at_ < bytes_.size() && is_blank(bytes_[at_])) ++at_;
    if (at_ >= bytes_.size()) {
      cut_off();
      return false;
    }
    if (bytes_[at_] != '>') return false;
    ++at_;
    token_ = Token::close;
    return true;
  }
  token_ = Token::open;
  return read_attributes();
}

bool Scanner::read_attributes() {
  attributes_.clear();
  is_empty_ = false;
  const char* const end = bytes_.data() + bytes_.size();
  const char* at = bytes_.data() + at_;
  const auto leave = [&](const char* where) { at_ = static_cast<std::size_t>(where - bytes_.data()); };
  for (;;) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) break;
    if (*at == '>') {
      leave(at + 1);
      return true;
    }
    if (*at == '/') {
      if (at + 1 == end) break;
      if (at[1] == '>') {
        is_empty_ = true;
        leave(at + 2);
        return true;
      }
      ++at;
      continue;
    }
    const char* const name = at;
    while (at != end && is_name(*at)) ++at;
    const std::string_view key(name, static_cast<std::size_t>(at - name));
    while (at != end && is_blank(*at)) ++at;
    if (at == end) break;
    if (key.empty() || *at != '=') {
      // No attribute: the tag is taken as far as it was understood, and left at its end.
      note_broken(static_cast<std::size_t>(at - bytes_.data()));
      if (const void* close = std::memchr(at, '>', static_cast<std::size_t>(end - at)); close != nullptr) {
        is_empty_ = static_cast<const char*>(close)[-1] == '/';
        leave(static_cast<const char*>(close) + 1);
        return true;
      }
      break;
    }
    ++at;
    while (at != end && is_blank(*at)) ++at;
    if (at == end) break;
    const char quote = *at;
    if (quote != '"' && quote != '\'') {
      leave(at);
      return false;
    }
    ++at;
    const void* close = std::memchr(at, quote, static_cast<std::size_t>(end - at));
    if (close == nullptr) break;
    attributes_.push_back({key, std::string_view(at, static_cast<std::size_t>(static_cast<const char*>(close) - at))});
    at = static_cast<const char*>(close) + 1;
  }
  cut_off();
  return false;
}

// ---- Element

std::string_view Element::name() const {
  return tree_ == nullptr ? std::string_view() : tree_->nodes_[index_].name;
}

std::string_view Element::attribute(std::string_view name) const {
  if (tree_ == nullptr) return {};
  const auto& node = tree_->nodes_[index_];
  for (std::uint32_t n = 0; n < node.attributes; ++n) {
    Attribute& found = tree_->attributes_[node.first_attribute + n];
    if (found.name != name) continue;
    return tree_->decode(found.value);
  }
  return {};
}

bool Element::has(std::string_view name) const {
  if (tree_ == nullptr) return false;
  const auto& node = tree_->nodes_[index_];
  for (std::uint32_t n = 0; n < node.attributes; ++n)
    if (tree_->attributes_[node.first_attribute + n].name == name) return true;
  return false;
}

std::vector<Attribute> Element::attributes() const {
  std::vector<Attribute> all;
  each_attribute([&](std::string_view name, std::string_view value) { all.push_back({name, value}); });
  return all;
}

std::string_view Element::text() const {
  if (tree_ == nullptr) return {};
  auto& node = tree_->nodes_[index_];
  if (node.is_encoded) {
    node.is_encoded = false;
    if (node.text.find_first_of("&\r") != std::string_view::npos) node.text = tree_->keep(decoded(node.text, false));
  }
  return node.text;
}

bool Element::is_comment() const {
  return tree_ != nullptr && tree_->nodes_[index_].is_comment;
}

Element Element::child(std::string_view name) const {
  for (Element each = first_child(); each; each = each.next())
    if (each.name() == name) return each;
  return {};
}

Element Element::first_child() const {
  if (tree_ == nullptr || tree_->nodes_[index_].first_child == Tree::kNone) return {};
  return {tree_, tree_->nodes_[index_].first_child};
}

Element Element::next() const {
  if (tree_ == nullptr || tree_->nodes_[index_].next == Tree::kNone) return {};
  return {tree_, tree_->nodes_[index_].next};
}

// ---- Tree

std::string_view Tree::keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

std::string_view Tree::decode(std::string_view value) {
  return has_special(value) ? keep(decoded(value, true)) : value;
}

std::uint32_t Tree::add(std::uint32_t parent) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  nodes_[index].parent = parent;
  if (parent != kNone) {
    Node& above = nodes_[parent];
    if (above.last_child == kNone) {
      above.first_child = index;
    } else {
      nodes_[above.last_child].next = index;
    }
    above.last_child = index;
  }
  return index;
}

void Tree::open(const Scanner& scanner, std::uint32_t parent) {
  Node& node = nodes_[add(parent)];
  node.name = scanner.name();
  node.first_attribute = static_cast<std::uint32_t>(attributes_.size());
  node.attributes = static_cast<std::uint32_t>(scanner.attributes().size());
  attributes_.insert(attributes_.end(), scanner.attributes().begin(), scanner.attributes().end());
}

void Tree::append_text(std::uint32_t index, std::string_view text, bool is_plain) {
  Node& node = nodes_[index];
  if (node.text.empty()) {
    node.text = text;
    node.is_encoded = !is_plain;
    return;
  }
  if (node.text.size() > kLongestText) return;
  std::string all = node.is_encoded ? decoded(node.text, false) : std::string(node.text);
  all += is_plain ? std::string(text) : decoded(text, false);
  node.text = keep(std::move(all));
  node.is_encoded = false;
}

void Tree::read_tag(const Scanner& scanner) {
  nodes_.clear();
  attributes_.clear();
  if (!kept_.empty()) kept_.clear();
  open(scanner, kNone);
}

bool Tree::read(Scanner& scanner) {
  read_tag(scanner);
  if (scanner.is_empty()) return true;
  std::uint32_t current = 0, depth = 1, left_out = 0;
  std::size_t texts = 0;
  for (;;) {
    switch (scanner.next()) {
      case Scanner::Token::end:
        return false;
      case Scanner::Token::text:
        if (left_out == 0 && ++texts < kMostTexts) append_text(current, scanner.text(), scanner.is_plain_text());
        break;
      case Scanner::Token::comment:
        if (left_out == 0) {
          Node& node = nodes_[add(current)];
          node.text = scanner.text();
          node.is_comment = true;
        }
        break;
      case Scanner::Token::open:
        if (left_out > 0 || depth >= kDeepest) {
          if (!scanner.is_empty()) ++left_out;
          break;
        }
        open(scanner, current);
        if (!scanner.is_empty()) {
          current = static_cast<std::uint32_t>(nodes_.size() - 1);
          ++depth;
        }
        break;
      case Scanner::Token::close: {
        if (left_out > 0) {
          --left_out;
          break;
        }
        // The one that is meant, where inner ones were never closed.
        std::uint32_t closed = current, closed_depth = depth;
        while (closed != kNone && nodes_[closed].name != scanner.name()) {
          closed = nodes_[closed].parent;
          --closed_depth;
        }
        if (closed == kNone) break;
        if (closed == 0) return true;
        current = nodes_[closed].parent;
        depth = closed_depth - 1;
        break;
      }
    }
  }
}

std::string_view in_utf8(std::string_view bytes, std::string& storage) {
  constexpr std::size_t kDeclaration = 200;
  std::string_view head = bytes.substr(0, kDeclaration);
  if (head.starts_with("\xEF\xBB\xBF")) return bytes.substr(3);
  const std::size_t end = head.find("?>");
  if (!head.starts_with("<?xml") || end == std::string_view::npos) return bytes;
  head = head.substr(0, end);
  std::size_t at = head.find("encoding");
  at = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
  if (at == std::string_view::npos) return bytes;
  std::string charset(head.substr(at + 1, head.find(head[at], at + 1) - at - 1));
  std::transform(charset.begin(), charset.end(), charset.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (charset == "utf-8" || charset == "utf8" || charset == "us-ascii" || charset.empty() ||
      charset.starts_with("utf-16") || charset.starts_with("ucs-"))
    return bytes;
  storage = mail::to_utf8(bytes, charset);
  return storage;
}

}  // namespace resident::ci::xml
