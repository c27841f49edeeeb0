// XML as test runners write it, read in one pass over bytes that stay where they are. Values point into those bytes;
// only what holds entities is copied. Not a validating parser: what is not well formed is stepped over and counted, so
// that one bad tag costs no more than itself. Declared entities are never expanded.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace resident::ci::xml {

struct Attribute {
  std::string_view name;
  std::string_view value;  // entities are still in it, as in the bytes
};

// The tags and texts of a document, one after the other.
class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : bytes_(bytes) {}
  enum class Token { open, close, text, comment, end };
  // Text that is only blanks is left out.
  Token next();

  std::string_view name() const { return name_; }        // open, close
  bool is_empty() const { return is_empty_; }            // open: <name/>, no close follows
  std::string_view text() const { return text_; }        // text, comment
  bool is_plain_text() const { return is_plain_text_; }  // text: CDATA, nothing to decode
  const std::vector<Attribute>& attributes() const { return attributes_; }
  std::size_t left() const { return bytes_.size() - at_; }  // bytes
  // Tags that were none, and the byte of the first.
  std::size_t broken() const { return broken_; }
  std::size_t first_broken() const { return first_broken_; }
  // The bytes end inside a tag, a comment or a CDATA section.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  Token cut_off();
  bool markup();  // "<!…", "<?…": true where a token came of it
  bool tag();     // false where it is none
  bool read_attributes();
  void note_broken(std::size_t at);

  std::string_view bytes_, name_, text_;
  std::vector<Attribute> attributes_;
  std::size_t at_ = 0, broken_ = 0, first_broken_ = 0;
  Token token_ = Token::end;
  bool is_empty_ = false, is_plain_text_ = false, is_cut_off_ = false;
};

// Entities and character references resolved; blanks made spaces where it is an attribute's.
std::string decoded(std::string_view raw, bool is_attribute);

class Tree;

// One element, or a comment, of a Tree; cheap to copy, good while the tree is.
class Element {
 public:
  Element() = default;
  explicit operator bool() const { return tree_ != nullptr; }
  std::string_view name() const;                            // "" of a comment
  std::string_view attribute(std::string_view name) const;  // "" where absent
  bool has(std::string_view name) const;
  std::vector<Attribute> attributes() const;  // decoded
  template <class Each>
  void each_attribute(const Each& each) const;  // each(name, value), decoded
  std::string_view text() const;                // of its own; of a comment, what it says
  bool is_comment() const;
  Element child(std::string_view name) const;  // the first
  std::string_view child_text(std::string_view name) const { return child(name).text(); }
  Element first_child() const;
  Element next() const;
  template <class Each>
  void each_child(const Each& each) const {
    for (Element child = first_child(); child; child = child.next()) each(child);
  }

 private:
  friend class Tree;
  Element(Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

// An element with all below it.
class Tree {
 public:
  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  // The element that the scanner has just opened, to its end. False where the bytes end before it does, or where it is
  // never closed; what there was of it is kept.
  bool read(Scanner& scanner);
  // Its tag alone.
  void read_tag(const Scanner& scanner);
  Element root() { return nodes_.empty() ? Element() : Element(this, 0); }

 private:
  friend class Element;
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Node {
    std::string_view name, text;
    std::uint32_t first_attribute = 0, attributes = 0;
    std::uint32_t parent = kNone, first_child = kNone, last_child = kNone, next = kNone;
    bool is_encoded = false, is_comment = false;
  };
  std::uint32_t add(std::uint32_t parent);
  void open(const Scanner& scanner, std::uint32_t parent);
  void append_text(std::uint32_t node, std::string_view text, bool is_plain);
  std::string_view keep(std::string text);
  std::string_view decode(std::string_view value);  // of an attribute

  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
  std::deque<std::string> kept_;
};

template <class Each>
void Element::each_attribute(const Each& each) const {
  if (tree_ == nullptr) return;
  const auto& node = tree_->nodes_[index_];
  for (std::uint32_t n = 0; n < node.attributes; ++n) {
    const Attribute found = tree_->attributes_[node.first_attribute + n];
    each(found.name, tree_->decode(found.value));
  }
}

// In UTF-8, whatever the declaration or a byte order mark says they are in; `storage` holds them where they had to be
// changed.
std::string_view in_utf8(std::string_view bytes, std::string& storage);

}  // namespace resident::ci::xml
