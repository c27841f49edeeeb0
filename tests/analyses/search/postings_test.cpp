#include <gtest/gtest.h>

#include <analyses/search/posting_reader.hpp>
#include <analyses/search/posting_writer.hpp>
#include <analyses/search/postings.hpp>
#include <base/error.hpp>
#include <map>
#include <random>
#include <set>
#include <text/tokens.hpp>

namespace resident {
namespace {

constexpr std::int64_t kBase = 99;

using Texts = std::array<std::string, kSearchFields>;

// What the lists should say, reckoned from the texts themselves.
struct Model {
  std::map<std::int64_t, Texts> documents;

  std::map<std::int64_t, std::array<std::uint32_t, kSearchFields>> find(const SearchTerm& term) const {
    std::map<std::int64_t, std::array<std::uint32_t, kSearchFields>> found;
    for (const auto& [document, texts] : documents) {
      std::array<std::uint32_t, kSearchFields> counts{};
      for (std::size_t field = 0; field < kSearchFields; ++field) {
        const auto tokens = text_tokens(texts[field]);
        const std::size_t length = term.is_phrase ? term.tokens.size() : 1;
        for (std::size_t i = 0; i + length <= tokens.size(); ++i) {
          bool is_equal = true;
          for (std::size_t j = 0; j < length; ++j)
            is_equal =
                is_equal && (term.is_prefix ? tokens[i].starts_with(term.tokens[j]) : tokens[i + j] == term.tokens[j]);
          counts[field] += is_equal;
        }
      }
      if (counts[0] + counts[1] + counts[2] > 0) found[document] = counts;
    }
    return found;
  }
};

class Postings : public testing::Test {
 protected:
  void SetUp() override { PostingWriter::make_tables(*database_); }

  void expect_equal(const Model& model) {
    SearchQuery query;
    for (const char* text : {"red", "crimson_red", "blue", "absent"})
      query.terms.push_back({.tokens = {text}, .is_phrase = false, .words = {}, .is_prefix = false});
    for (const char* text : {"re", "b", "zz"})
      query.terms.push_back({.tokens = {text}, .is_phrase = false, .words = {}, .is_prefix = true});
    query.terms.push_back({.tokens = {"red", "blue"}, .is_phrase = true, .words = {}});
    query.terms.push_back({.tokens = {"red", "red"}, .is_phrase = true, .words = {}});
    query.terms.push_back({.tokens = {"blue", "green", "red"}, .is_phrase = true, .words = {}});
    query.terms.push_back({.tokens = {"red", "absent"}, .is_phrase = true, .words = {}});
    PostingReader reader(*database_, 1, kBase, query);
    for (const auto& term : query.terms) {
      std::map<std::int64_t, std::array<std::uint32_t, kSearchFields>> found;
      std::int64_t before = 0;
      for (const auto& each : reader.find(term)) {
        EXPECT_LT(before, each.document);
        found[before = each.document] = each.counts;
      }
      EXPECT_EQ(found, model.find(term)) << term.tokens.front() << " " << term.is_phrase << term.is_prefix;
    }
    std::map<std::int64_t, std::uint32_t> lengths, expected;
    for (const auto& each : reader.documents()) lengths[each.document] = each.words;
    for (const auto& [document, texts] : model.documents)
      for (const auto& text : texts) expected[document] += static_cast<std::uint32_t>(text_tokens(text).size());
    EXPECT_EQ(lengths, expected);
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Postings, AreWhatTheTextsSayThroughAnyChanges) {
  std::mt19937 random(11);
  const std::vector<std::string> words{"red", "blue", "green", "crimson_red", "reddish", "black", "bluer"};
  const auto text = [&] {
    std::string made;
    for (auto i = random() % 12; i > 0; --i) made += words[random() % words.size()] + " ";
    return made;
  };
  Model model;
  for (int run = 0; run < 60; ++run) {
    PostingWriter writer(*database_, 1, kBase);
    std::set<std::int64_t> touched;
    for (auto i = run % 7 == 0 ? 40 : random() % 5; i > 0; --i) {
      const auto document = static_cast<std::int64_t>(100 + random() % 60 + (random() % 2 << 36));
      if (!touched.insert(document).second) continue;
      if (model.documents.contains(document)) writer.remove(document);
      if (random() % 4 == 0) {
        model.documents.erase(document);
        continue;
      }
      const Texts texts = model.documents[document] = {text(), text(), text()};
      writer.add(document, texts[0], texts[1], texts[2]);
    }
    writer.finish();
    expect_equal(model);
    // Each at least three times as large as all after it: for 120 documents, six at most.
    EXPECT_LE(*database_->integer("SELECT count(*) FROM search_segment"), 6);
    if (HasFailure()) return;
  }
  PostingWriter writer(*database_, 1, kBase);
  for (const auto& [document, texts] : model.documents) writer.remove(document);
  writer.finish();
  expect_equal({});
  EXPECT_EQ(database_->integer("SELECT count(*) FROM search_posting"), 0) << "nothing is kept of what is gone";
}

TEST_F(Postings, OfOtherProjectsAreNotTouched) {
  for (const std::int64_t project : {1, 2}) {
    PostingWriter writer(*database_, project, kBase);
    writer.add(100, "red blue", "", "");
    writer.finish();
  }
  PostingWriter writer(*database_, 2, kBase);
  writer.remove_all();
  writer.finish();
  Model model;
  model.documents[100] = {"red blue", "", ""};
  expect_equal(model);
}

TEST_F(Postings, RollingBackLeavesTheCounts) {
  Model model;
  model.documents[100] = {"red blue", "green", "red"};
  {
    PostingWriter writer(*database_, 1, kBase);
    writer.add(100, "red blue", "green", "red");
    writer.finish();
  }
  {
    const Transaction transaction(*database_);
    PostingWriter writer(*database_, 1, kBase);
    writer.remove(100);
    writer.add(101, "red", "red", "red");
    writer.finish();
  }
  expect_equal(model);
}

TEST(PostingLists, DamagedBytesAreAnErrorAtMost) {
  std::string documents, places;
  append_document(documents, 5, 1000);
  append_counts(documents, {2, 0, 200});
  for (int i = 0; i < 202; ++i) append_number(places, 300);
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = documents.substr(0, random() % (documents.size() + 1));
    for (auto more = random() % 6; more > 0; --more) damaged += static_cast<char>(random());
    if (!damaged.empty()) damaged[random() % damaged.size()] = static_cast<char>(random());
    const std::string some = places.substr(0, random() % (places.size() + 1));
    try {
      std::int64_t before = 5;
      for (PostingCursor cursor(5, damaged, some); cursor.next(); before = cursor.posting().document) {
        EXPECT_GT(cursor.posting().document, before);
        for (std::size_t field = 0; field < kSearchFields; ++field)
          EXPECT_EQ(cursor.places(field).size(), cursor.posting().counts[field]);
      }
      decode_lengths(5, damaged);
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace resident
