// A list over REST, page by page, past places at which the forge fails. A page that cannot be had is asked for in
// smaller ones (100, 50, 25, 5, 1); where a page of one entry fails, twice, while the forge answers all else, that one
// place is a gap: it is noted with the reason, and the list goes on behind it in pages that grow again. Where place
// after place fails, the rest of the list is one gap.
//
// What it does not do is forget: who keeps a cursor may not move it past a gap, and tells SetAside::places() of all
// gaps, so that people see them. A forge that answers nothing at all ends the run, as everywhere.
#pragma once

#include <optional>
#include <sources/github/reader.hpp>
#include <string>
#include <vector>

namespace resident::github {

class ListWalk {
 public:
  // url: of the first page, with per_page; "": there is none. strict: a gap throws its trouble, for lists that are
  // nothing unless whole.
  ListWalk(Reader& reader, std::string url, bool strict = false);
  // The next page; nothing at the end, or where the list is not there.
  std::optional<Page> next();
  const std::vector<Gap>& gaps() const { return gaps_; }
  // An entry of the page at hand that cannot be read; 0 is its first.
  void add_gap(std::size_t entry, const std::string& reason);
  bool is_done() const { return done_; }  // next() will give nothing
  bool is_there() const { return is_there_; }
  // The rest was given up.
  bool is_cut_short() const { return !gaps_.empty() && gaps_.back().is_rest; }

 private:
  struct Region {
    std::int64_t end, smaller;
    std::size_t gaps;
  };
  std::string address() const;
  std::optional<Page> once_more(const std::string& reason);
  void pass(std::int64_t length);

  Reader& reader_;
  std::string first_, url_;
  bool strict_;
  std::int64_t size_ = 1, largest_ = 1;       // entries of a page
  std::int64_t place_ = 0, page_begins_ = 0;  // entries that are behind
  int in_a_row_ = 0;
  bool done_ = false, is_there_ = true;
  std::vector<Gap> gaps_;
  std::vector<Region> failed_;  // pages that failed and are being read in smaller ones, the widest first
};

}  // namespace resident::github
