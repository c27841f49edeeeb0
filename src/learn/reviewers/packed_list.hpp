// A long list in little memory: things are packed one after the other, in pieces, and read from the front on.
#pragma once

#include <base/packed.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace resident::reviewers {

// Coder: `void pack(Packer&, const Item&)` and `Item unpack(Unpacker&)`, which may look at the item before in the same
// piece; a new one is made for each piece.
template <class Item, class Coder>
class PackedList {
 public:
  void push_back(const Item& item) {
    if (open_ == kPiece) close();
    coder_.pack(packer_, item);
    ++open_;
    ++size_;
  }
  std::size_t size() const { return size_; }
  // To be called before it is read, once all is there.
  void close() {
    if (open_ == 0) return;
    std::string bytes = packer_.take();
    bytes.shrink_to_fit();
    pieces_.emplace_back(std::move(bytes), open_);
    packer_ = {};
    coder_ = {};
    open_ = 0;
  }

  // Reads from the front on; the list has to outlive it.
  class Reader {
   public:
    explicit Reader(const PackedList& list) : list_(list) {}
    // The next, without moving on; null: that was all.
    const Item* peek() {
      if (next_) return &*next_;
      if (left_ == 0) {
        if (piece_ == list_.pieces_.size()) return nullptr;
        unpacker_.emplace(list_.pieces_[piece_].first);
        left_ = list_.pieces_[piece_++].second;
        coder_ = {};
      }
      --left_;
      return &next_.emplace(coder_.unpack(*unpacker_));
    }
    void skip() { next_.reset(); }

   private:
    const PackedList& list_;
    std::size_t piece_ = 0, left_ = 0;
    std::optional<Unpacker> unpacker_;
    Coder coder_;
    std::optional<Item> next_;
  };

  template <class Each>
  void each(const Each& each) const {
    Reader reader(*this);
    for (; const Item* item = reader.peek(); reader.skip()) each(*item);
  }
  // Gives them away one after the other, and their memory piece by piece.
  template <class Each>
  void take_each(const Each& each) {
    close();
    for (auto& [bytes, count] : pieces_) {
      const std::string taken = std::move(bytes);
      Unpacker unpacker(taken);
      Coder coder;
      for (std::size_t i = 0; i < count; ++i) each(coder.unpack(unpacker));
    }
    pieces_.clear();
    size_ = 0;
  }

 private:
  static constexpr std::size_t kPiece = 8192;

  std::vector<std::pair<std::string, std::size_t>> pieces_;  // bytes, and how many are in them
  Packer packer_;
  Coder coder_;
  std::size_t size_ = 0, open_ = 0;
};

}  // namespace resident::reviewers
