// Issues one after the other in order of time: each is asked about before it is
// added, with weights learnt only from duplicates that were marked before it was
// written. The backtest and the suggestions of today are the same code. With an embedding model the items nearest in
// meaning are candidates beside those that BM25F finds, and nearness is one more signal; a replay has all
// meanings or none.
#pragma once

#include <learn/duplicates/known.hpp>
#include <learn/duplicates/ranker.hpp>
#include <optional>
#include <text/meaning_index.hpp>
#include <unordered_map>

namespace resident::duplicates {

inline constexpr std::size_t kCandidates = 100;  // that the weights order, of what BM25F finds
inline constexpr std::size_t kNearest = 20;      // and of what a model says is near

struct Ranked {
  std::size_t document = 0;
  double score = 0, probability = 0;
  text::Signals signals{};
};

class Replay {
 public:
  explicit Replay(const std::vector<KnownDuplicate>& known = {}, bool with_meaning = false);

  // In order of created_at. Ranked, best first, if asked for.
  std::optional<std::vector<Ranked>> next(const text::ItemText& item, bool wanted, const text::Meaning& meaning = {});
  // Among the first `before` issues, as of a moment after all that have been given.
  std::vector<Ranked> ask(const text::ItemIndex::Document& asking, std::size_t before,
                          const text::Meaning& meaning = {}) const;
  // Learns from all that is known at the moment.
  void learn_until(Timestamp moment);
  // The same, for good: issues are only added from here on, and change neither weights nor how rare words are.
  void settle(Timestamp moment);
  // Neither asked about nor learnt from: once it has settled, or where nothing is to be learnt.
  void add(const text::ItemText& item, const text::Meaning& meaning = {});

  // A replay that has settled, as bytes and back (base/packed.hpp). Throws Error where they are broken.
  std::string pack() const;
  static Replay unpack(std::string_view bytes);

  text::ItemIndex& index() { return index_; }
  const text::ItemIndex& index() const { return index_; }
  std::size_t learnt_from() const { return used_; }

 private:
  struct Lesson {
    Choice choice;
    std::vector<Timestamp> right_since;  // of the candidates; no such time: kNever
    std::size_t place = 0;               // how many issues came before
    bool sampled = false, is_duplicate = false;
  };
  void thin_sample();
  std::vector<Ranked> rank(const std::vector<text::Candidate>& candidates) const;
  std::vector<text::Candidate> candidates(const text::ItemIndex::Document& asking, const text::Meaning& meaning,
                                          std::size_t before) const;

  text::ItemIndex index_;
  bool with_meaning_ = false;
  text::MeaningIndex meanings_;  // as many as the index has, or none
  std::unordered_map<std::int64_t, std::vector<KnownDuplicate>> known_;
  std::vector<Timestamp> marks_;  // of all known, in order
  std::vector<Lesson> lessons_;
  std::size_t stride_ = 1, sampled_ = 0, seen_ = 0, used_ = 0, learnt_at_ = 0;
  Weights weights_ = kBuiltInWeights;
  Calibration calibration_;
};

// Issues as of the context's moment, in order of time: all, or those from a moment on.
std::vector<text::ItemText> load_item_texts(const Context& context, Timestamp from = 0);

}  // namespace resident::duplicates
