// A series as an item of the normal form, kind pull, with what the store keeps of it besides: versions are pushes,
// answers are comments, tags in answers are reviews, found commits merge it. docs/guide/patches.md says in full what
// becomes what.
//
// A tag counts where its giver sent the answer (same address or same name) and did not write the patch. Reviewed-by and
// Acked-by approve once they cover every part; Nacked-by asks for changes; Tested-by is a comment. A new version
// dismisses an approval, unless its author carried the tag into every part or left the part unchanged.
#pragma once

#include <functional>
#include <sources/mail/patches/commit_finder.hpp>
#include <sources/mail/patches/series.hpp>
#include <store/patch_book.hpp>
#include <string>
#include <vector>

namespace resident::mail {

// Nobody spoke or sent for so long: the series counts as closed, until somebody does.
inline constexpr Timestamp kLapsesAfter = 365 * kDay;

struct SeriesItem {
  ItemRecord item;
  PatchSeriesRecord series;
  std::vector<std::string> commits;  // that the parts became
  std::size_t opening = 0;           // the mail whose text is the item's
};

struct SeriesSurroundings {
  const std::vector<MailFacts>& mails;
  const CommitFinder& commits;
  Timestamp now = 0;
};

// With the print of each mail's text in place of the text: that is enough to see whether anything is new.
SeriesItem series_item(const Series& series, std::int64_t number, const SeriesSurroundings& around);
// Puts the texts in. text_of: the whole text of the mail with that key.
void fill_texts(SeriesItem& made, const std::string& opening_key,
                const std::function<std::string(const std::string& key)>& text_of);
// Of all that it says: the same again changes nothing.
std::string print_of(const SeriesItem& made);

}  // namespace resident::mail
