// WordPiece, the tokenizer of BERT's uncased models (Wu et al. 2016, "Google's Neural Machine
// Translation System", section 4.1; Devlin et al. 2019, "BERT"): an embedding model was trained
// on the pieces of its own vocabulary, so they have to be cut as they were then. Unicode's own tables (ICU) say
// what an accent, a punctuation mark and a lower-case letter is.
//
// Any bytes are taken: what is not UTF-8 is left out, and text that looks like a special piece ("[SEP]") is
// punctuation and letters like any other. No more pieces are made than asked for, and of the text no more is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::text {

class WordPiece {
 public:
  // A vocab.txt: a piece a line, numbered from 0; inner pieces of words begin with ##. Throws Error where [UNK], [CLS],
  // [SEP] or [PAD] is missing, or where there are more pieces, or longer ones, than any vocabulary has.
  static WordPiece parse(std::string_view vocabulary, const std::string& origin);

  // [CLS] pieces [SEP], at most `most` numbers with those two; most is at least 2.
  std::vector<std::int64_t> numbers(std::string_view text, std::size_t most) const;
  std::int64_t pad() const { return pad_; }
  std::size_t size() const { return size_; }

  // The words before they are cut: lower-case, without accents, marks and Chinese characters apart; the first `most`.
  static std::vector<std::string> words(std::string_view text, std::size_t most);

 private:
  // False once there are `most`.
  bool add_pieces(const std::string& word, std::size_t most, std::vector<std::int64_t>& numbers) const;

  std::unordered_map<std::string, std::int64_t> numbers_;
  std::int64_t unknown_ = 0, begin_ = 0, end_ = 0, pad_ = 0;
  std::size_t size_ = 0;
};

}  // namespace resident::text
