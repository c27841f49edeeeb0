#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <set>
#include <text/embedding.hpp>
#include <text/meaning_index.hpp>

namespace resident::text {
namespace {

TEST(Embedding, TheMeanIsOfTokensThatCount) {
  const std::vector<float> tokens{1, 2, 3, 4, 100, 200};
  EXPECT_EQ(mean_pooled(tokens, std::vector<std::int64_t>{1, 1, 0}, 2), (std::vector<float>{2, 3}));
  EXPECT_EQ(mean_pooled(tokens, std::vector<std::int64_t>{0, 1, 0}, 2), (std::vector<float>{3, 4}));
  EXPECT_EQ(mean_pooled(tokens, std::vector<std::int64_t>{0, 0, 0}, 2), (std::vector<float>{0, 0}));
  EXPECT_EQ(mean_pooled(tokens, std::vector<std::int64_t>{1, 1, 1, 1}, 2).size(), 2u);  // more mask than tokens
}

TEST(Embedding, UnitVectorsAndTheirCosines) {
  const Meaning x = unit(std::vector<float>{5, 0}), y = unit(std::vector<float>{0, 0.001F});
  const Meaning both = unit(std::vector<float>{1, 1}), none = unit(std::vector<float>{0, 0});
  EXPECT_EQ(x, (Meaning{32767, 0}));
  EXPECT_EQ(both, (Meaning{23170, 23170}));
  EXPECT_DOUBLE_EQ(cosine(x, x), 1);
  EXPECT_DOUBLE_EQ(cosine(x, y), 0);
  EXPECT_NEAR(cosine(x, both), std::sqrt(0.5), 1e-4);
  EXPECT_DOUBLE_EQ(cosine(x, none), 0);
  EXPECT_NEAR(cosine(x, unit(std::vector<float>{-3, 0})), -1, 1e-9);
  EXPECT_TRUE(is_unit(both));
  EXPECT_TRUE(is_unit(none));
  EXPECT_FALSE(is_unit(Meaning{32767, 32767}));
  EXPECT_FALSE(is_unit(Meaning{100, 0}));
  EXPECT_THROW(unit(std::vector<float>{1, std::numeric_limits<float>::infinity()}), Error);
  EXPECT_THROW(unit(std::vector<float>{std::numeric_limits<float>::quiet_NaN()}), Error);
  // The widest there is: no sum overflows (a sanitizer would say so).
  const Meaning wide = unit(std::vector<float>(kWidestMeaning, 1));
  EXPECT_NEAR(cosine(wide, wide), 1, 1e-2);
}

MeaningIndex random_index(std::size_t count, std::size_t width, std::vector<Meaning>& meanings) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  MeaningIndex index;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> vector(width);
    for (auto& each : vector) each = normal(random) + 0.5F;
    meanings.push_back(unit(vector));
    index.add(meanings.back());
  }
  return index;
}

TEST(MeaningIndex, FindsTheNearestOfThoseBefore) {
  std::vector<Meaning> meanings;
  const auto index = random_index(300, 24, meanings);
  const auto near = index.near(meanings[299], 20, 250);
  ASSERT_EQ(near.documents.size(), 20u);
  std::vector<std::pair<double, std::size_t>> all;
  double sum = 0;
  for (std::size_t i = 0; i < 250; ++i) {
    all.emplace_back(-cosine(meanings[299], meanings[i]), i);
    sum += cosine(meanings[299], meanings[i]);
  }
  std::sort(all.begin(), all.end());
  EXPECT_NEAR(near.usual, sum / 260, 1e-12);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(near.documents[i], all[i].second);
    EXPECT_NEAR(near.above_usual(near.documents[i]), (-all[i].first - near.usual) / (1 - near.usual), 1e-6);
  }
  EXPECT_EQ(near.above_usual(all.back().second), 0);  // farther than usual
  EXPECT_EQ(near.above_usual(299), 0);                // not looked at
  EXPECT_NEAR(index.near(meanings[299], 1, 300).above_usual(299), 1, 1e-4);
}

TEST(MeaningIndex, WithoutAMeaningNothingIsNear) {
  MeaningIndex index;
  EXPECT_TRUE(index.near(unit(std::vector<float>{1, 0}), 5, 9).documents.empty());
  index.add({});
  index.add(unit(std::vector<float>{1, 0}));
  index.add({});
  EXPECT_EQ(index.size(), 3u);
  EXPECT_EQ(index.near(unit(std::vector<float>{1, 0}), 5, 3).documents, (std::vector<std::uint32_t>{1}));
  EXPECT_TRUE(index.near({}, 5, 3).documents.empty());
  EXPECT_TRUE(index.near(unit(std::vector<float>{1, 0, 0}), 5, 3).documents.empty());  // of another width
  EXPECT_THROW(index.add(unit(std::vector<float>{1, 0, 0})), Error);
  EXPECT_THROW(index.add(Meaning{32767, 32767}), Error);
}

TEST(MeaningIndex, IsKeptAndRead) {
  std::vector<Meaning> meanings;
  const auto index = random_index(40, 8, meanings);
  Packer packer;
  index.pack(packer);
  const std::string bytes = packer.take();
  Unpacker unpacker(bytes);
  const auto read = MeaningIndex::unpack(unpacker);
  unpacker.finish();
  EXPECT_EQ(read.near(meanings[3], 9, 40).cosines, index.near(meanings[3], 9, 40).cosines);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    Unpacker part(std::string_view(bytes).substr(0, cut));
    EXPECT_THROW(MeaningIndex::unpack(part), Error) << cut;
  }
  std::string damaged = bytes;
  damaged[damaged.size() - 1] = 0x7F;
  damaged[damaged.size() - 3] = 0x7F;
  Unpacker wrong(damaged);
  EXPECT_THROW(MeaningIndex::unpack(wrong), Error);
}

TEST(Embedding, WhatIsNotThereIsNamed) {
  EmbeddingRules rules;
  rules.model = "/nowhere/model.onnx";
  rules.vocabulary = "/nowhere/vocab.txt";
  try {
    Embedder::name_of(rules);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/model.onnx"), std::string::npos);
    EXPECT_FALSE(error.hint().empty());
  }
}

// With the real runtime, whose path the environment tells, and models made by tests/embedding/toy_model.py.
class RealRuntime : public testing::Test {
 protected:
  void SetUp() override {
    const char* path = std::getenv("RESIDENT_TEST_ONNX");
    if (!path || !*path) GTEST_SKIP() << "RESIDENT_TEST_ONNX names no libonnxruntime.so.1";
    runtime_ = path;
    folder_ = testing::TempDir() + "resident-toy-models-" + std::to_string(getpid());
    const std::string command =
        "python3 " RESIDENT_SOURCE_DIR "/tests/embedding/toy_model.py '" + folder_ + "' >/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  EmbeddingRules rules(const std::string& model) const {
    EmbeddingRules made;
    made.model = folder_ + "/" + model + ".onnx";
    made.vocabulary = folder_ + "/vocab.txt";
    made.runtime = runtime_;
    made.threads = 1;
    return made;
  }
  std::string failure(const EmbeddingRules& of) const {
    try {
      const Embedder embedder(of);
      return {};
    } catch (const Error& error) {
      EXPECT_FALSE(error.hint().empty()) << error.what();
      return error.what();
    }
  }
  std::string runtime_, folder_;
};

TEST_F(RealRuntime, VectorsAreWhatTheArithmeticSays) {
  // [CLS] crash ##ed slow [SEP]: sums of the toy's rows, which the mean only scales.
  const Meaning expected = unit(std::vector<float>{1.25F, 1, 0.25F});
  EXPECT_EQ(Embedder(rules("tokens")).embed("Crashed SLOW"), expected);
  EXPECT_EQ(Embedder(rules("fixed")).embed("Crashed SLOW"), expected);  // three of its eight are padding
  EXPECT_EQ(Embedder(rules("types")).embed("Crashed SLOW"), unit(std::vector<float>{1.25F, 1, 0.25F + 5 * 0.5F}));
  EXPECT_EQ(Embedder(rules("pooled")).embed("Crashed SLOW"),
            unit(std::vector<float>{1, 1, 0.125F}));  // its own: the most
  EXPECT_EQ(Embedder(rules("turned")).embed("Crashed SLOW"), unit(std::vector<float>{1, 0.25F, 1.25F}));
  const Embedder tokens(rules("tokens"));
  EXPECT_EQ(tokens.width(), 3u);
  EXPECT_TRUE(tokens.runtime_version().starts_with("1."));
  EXPECT_EQ(tokens.embed(""), unit(std::vector<float>{0, 0, 1}));
  // No more is read than it may take.
  auto few = rules("tokens");
  few.most_tokens = 8;
  const Embedder short_reader(few);
  std::string many = "slow slow slow slow slow slow ";
  for (int i = 0; i < 1000; ++i) many += "crash ";
  EXPECT_EQ(short_reader.embed(many), short_reader.embed("slow slow slow slow slow slow"));
  EXPECT_NE(tokens.embed(many), short_reader.embed(many));
  EXPECT_EQ(Embedder(rules("fixed")).embed(many), short_reader.embed(many));
}

TEST_F(RealRuntime, WhatWillNotDoIsSaid) {
  const auto says = [&](const std::string& model, const std::string& what) {
    const std::string said = failure(rules(model));
    EXPECT_NE(said.find(what), std::string::npos) << model << ": " << said;
  };
  says("broken", "reading the model");
  says("newer", "reading the model");
  says("no_mask", "its inputs are input_ids (int64, 2 dimensions)");
  says("pixels", "its inputs are pixels (float, 3 dimensions)");
  says("whole_numbers", "its outputs are same (int64, 2 dimensions)");
  says("flat", "[2, 3]");
  says("short_table", "running the model");
  says("not_a_number", "no number");
  auto other = rules("tokens");
  other.runtime = "/nowhere/libonnxruntime.so.1";
  EXPECT_NE(failure(other).find("can't be loaded"), std::string::npos);
  other.runtime = "libz.so.1";
  EXPECT_NE(failure(other).find("is not ONNX Runtime"), std::string::npos);
  other = rules("tokens");
  other.vocabulary = other.model;
  EXPECT_NE(failure(other).find("is no vocabulary"), std::string::npos);
  other.model = folder_;
  EXPECT_NE(failure(other).find("can't be read"), std::string::npos);
  EXPECT_EQ(failure(rules("tokens")), "");  // and one that does works still
}

TEST_F(RealRuntime, AnotherModelHasAnotherName) {
  std::set<std::string> names{Embedder::name_of(rules("tokens")), Embedder::name_of(rules("turned"))};
  auto other = rules("tokens");
  other.most_tokens = 99;
  names.insert(Embedder::name_of(other));
  EXPECT_EQ(names.size(), 3u);
  EXPECT_EQ(Embedder(rules("turned")).name(), Embedder::name_of(rules("turned")));
  EXPECT_EQ(embedder_of(rules("tokens")).get(), embedder_of(rules("tokens")).get());
  EXPECT_NE(embedder_of(rules("tokens"))->name(), embedder_of(rules("turned"))->name());
}

}  // namespace
}  // namespace resident::text
