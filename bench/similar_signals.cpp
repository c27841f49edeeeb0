// Would more signals find duplicates better? Latent semantic analysis of the project's own texts, trigrams of titles,
// and shingles of texts (what MinHash estimates), each added to the signals of the ranker and learnt with them: on
// which earlier issue a pull request says it fixes (weights from the other projects), and on marked duplicates (six
// folds).
//
//   ninja -C build/release bench_similar_signals
//   build/release/bench_similar_signals links STORE PROJECT [STORE PROJECT …]
//   build/release/bench_similar_signals marks STORE PROJECT
//
// The space of the analysis is learnt from what was there before the asking text, and again when it has grown by half;
// with `--all-texts` before the rest, from all texts, later ones too, which is a leak, to show what it feigns.
#include <fmt/format.h>

#include <Eigen/Dense>
#include <Eigen/Sparse>
#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <cmath>
#include <iostream>
#include <learn/duplicates/replay.hpp>
#include <map>
#include <random>
#include <set>
#include <store/database.hpp>
#include <text/tokens.hpp>

namespace resident {
namespace {

constexpr Timestamp kForever = 4102444800;
constexpr int kOld = text::meaning, kAll = kOld + 3;  // signals: those of the ranker without a model, and the new
constexpr std::array<const char*, 3> kNames{"latent semantic analysis", "trigrams of titles", "shingles of texts"};
constexpr int kWidth = 100, kOversampling = 20, kFewestDocuments = 40;

using Row = Eigen::Matrix<double, kAll, 1>;
using Square = Eigen::Matrix<double, kAll, kAll>;
using Document = text::ItemIndex::Document;

// Deerwester et al. 1990; the decomposition after Halko, Martinsson and Tropp 2011.
class LatentSpace {
 public:
  void learn(const std::vector<Document>& documents) {
    std::size_t terms = 0;
    for (const auto& document : documents)
      for (const auto& count : document.counts) terms = std::max(terms, std::size_t{count.term} + 1);
    std::vector<double> with(terms);
    for (const auto& document : documents)
      for (const auto& count : document.counts) ++with[count.term];
    row_.assign(terms, -1);
    idf_.clear();
    for (std::size_t term = 0; term < terms; ++term) {
      if (with[term] < 3) continue;
      row_[term] = static_cast<int>(idf_.size());
      idf_.push_back(std::log(static_cast<double>(documents.size()) / with[term]));
    }
    const auto rows = static_cast<Eigen::Index>(idf_.size()), columns = static_cast<Eigen::Index>(documents.size());
    Eigen::SparseMatrix<double> matrix(rows, columns);
    for (Eigen::Index i = 0; i < columns; ++i)
      for (const auto& [row, weight] : weights_of(documents[static_cast<std::size_t>(i)]))
        matrix.insert(row, i) = weight;
    const auto sampled = std::min({static_cast<Eigen::Index>(kWidth + kOversampling), rows, columns});
    std::mt19937_64 random(1990);
    Eigen::MatrixXd range(columns, sampled);
    for (Eigen::Index i = 0; i < range.size(); ++i) range.data()[i] = (random() >> 63U) != 0 ? 1.0 : -1.0;
    Eigen::MatrixXd basis = basis_of(matrix * range);
    for (int step = 0; step < 3; ++step) basis = basis_of(matrix * Eigen::MatrixXd(matrix.transpose() * basis));
    const Eigen::MatrixXd small = matrix.transpose() * basis;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(small.transpose() * small);
    space_ = basis * solved.eigenvectors().rightCols(std::min<Eigen::Index>(kWidth, sampled));
  }
  Eigen::VectorXd of(const Document& document) const {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(space_.cols());
    for (const auto& [row, weight] : weights_of(document)) sum += weight * space_.row(row).transpose();
    return sum.norm() > 0 ? Eigen::VectorXd(sum / sum.norm()) : sum;
  }

 private:
  static Eigen::MatrixXd basis_of(const Eigen::MatrixXd& columns) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> decomposed(columns);
    return decomposed.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
  }
  std::vector<std::pair<int, double>> weights_of(const Document& document) const {
    std::vector<std::pair<int, double>> result;
    double length = 0;
    for (const auto& count : document.counts) {
      const int row = count.term < row_.size() ? row_[count.term] : -1;
      if (row < 0) continue;
      const double times = std::max(1.0, static_cast<double>(count.in[0]) + count.in[1] + count.in[2]);
      result.emplace_back(row, (1 + std::log(times)) * idf_[static_cast<std::size_t>(row)]);
      length += result.back().second * result.back().second;
    }
    for (auto& [row, weight] : result) weight /= length > 0 ? std::sqrt(length) : 1;
    return result;
  }
  std::vector<int> row_;
  std::vector<double> idf_;
  Eigen::MatrixXd space_;
};

using Pieces = std::set<std::string>;

Pieces trigrams(const std::string& title) {
  Pieces pieces;
  std::string lower;
  for (const char c : title) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (std::size_t i = 0; i + 3 <= lower.size(); ++i) pieces.insert(lower.substr(i, 3));
  return pieces;
}

Pieces shingles(const text::ItemText& item) {
  Pieces pieces;
  const auto words = text_tokens(item.title + "\n" + item.body, 3000);
  for (std::size_t i = 0; i + 3 <= words.size(); ++i) pieces.insert(words[i] + " " + words[i + 1] + " " + words[i + 2]);
  return pieces;
}

double jaccard(const Pieces& a, const Pieces& b) {
  std::size_t shared = 0;
  for (const auto& piece : a) shared += b.count(piece);
  const std::size_t all = a.size() + b.size() - shared;
  return all ? static_cast<double>(shared) / static_cast<double>(all) : 0;
}

struct Case {
  std::vector<Row> candidates;
  std::vector<bool> right;
};

struct Asking {
  text::ItemText item;
  std::set<std::int64_t> truth;
};

std::vector<Asking> links_of(const Context& context) {
  static const Pattern fixes(R"((?i)\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?):?\s+#(\d{1,9}))"), number(R"(#\d+)");
  std::map<std::int64_t, std::pair<std::int64_t, Timestamp>> issues;
  const Parameters project{{"project", context.project_id}};
  for (const auto rows = context.database.query(
           "SELECT number, item_id, created_at FROM item WHERE project_id = :project AND kind = 'issue'", project);
       rows->next();)
    issues[rows->integer(0)] = {rows->integer(1), rows->integer(2)};
  std::vector<Asking> result;
  for (const auto rows = context.database.query("SELECT item_id, title, body, created_at, author_id FROM item WHERE "
                                                "project_id = :project AND kind = 'pull' ORDER BY created_at, item_id",
                                                project);
       rows->next();) {
    Asking asking;
    asking.item = {rows->integer(0), rows->optional_integer(4).value_or(0), rows->integer(3), rows->string(1),
                   rows->string(2)};
    const std::string whole = asking.item.title + "\n" + asking.item.body;
    std::string_view rest(whole);
    for (std::int64_t named = 0; fixes.find_next(rest, &named);)
      if (const auto found = issues.find(named); found != issues.end() && found->second.second < asking.item.created_at)
        asking.truth.insert(found->second.first);
    number.replace_all(asking.item.title, "");
    number.replace_all(asking.item.body, "");
    if (!asking.truth.empty()) result.push_back(std::move(asking));
  }
  return result;
}

std::vector<Asking> marks_of(const Context& context, const std::vector<text::ItemText>& items) {
  std::map<std::int64_t, std::set<std::int64_t>> truth;
  for (const auto& each : duplicates::read_known_duplicates(context)) truth[each.item_id].insert(each.of);
  std::vector<Asking> result;
  for (const auto& item : items)
    if (const auto found = truth.find(item.item_id); found != truth.end()) result.push_back({item, found->second});
  return result;
}

std::vector<Case> cases_of(const std::string& store, const std::string& project, bool links, bool all_texts) {
  const auto database = Database::open(store, Access::read);
  const Context context = open_context(*database, Config(), project, std::nullopt, kForever);
  const auto items = duplicates::load_item_texts(context);
  text::ItemIndex index;
  LatentSpace space;
  std::vector<Document> documents;
  std::vector<Eigen::VectorXd> vectors;
  std::size_t learnt_from = 0;
  const auto learn = [&] {
    learnt_from = documents.size();
    space.learn(documents);
    vectors.clear();
    for (const auto& document : documents) vectors.push_back(space.of(document));
  };
  if (all_texts) {
    for (const auto& item : items) documents.push_back(index.read(item));
    learn();
    documents.clear();
  }
  std::vector<Case> cases;
  for (const Asking& asking : links ? links_of(context) : marks_of(context, items)) {
    while (documents.size() < items.size() && items[documents.size()].created_at < asking.item.created_at) {
      documents.push_back(index.read(items[documents.size()]));
      index.add(documents.back());
      if (all_texts) continue;
      if (documents.size() >= kFewestDocuments && 2 * documents.size() >= 3 * learnt_from) {
        learn();
      } else if (learnt_from > 0) {
        vectors.push_back(space.of(documents.back()));
      }
    }
    const auto document = index.read(asking.item);
    const auto vector = space.of(document);
    const auto title = trigrams(asking.item.title), whole = shingles(asking.item);
    Case one;
    for (const auto& candidate : index.candidates(document, duplicates::kCandidates, documents.size())) {
      Row row = Row::Zero();
      for (int i = 0; i < kOld; ++i) row[i] = candidate.signals[static_cast<std::size_t>(i)];
      const auto& other = items[candidate.document];
      row[kOld] = vectors.empty() || vector.size() == 0 ? 0 : vector.dot(vectors[candidate.document]);
      row[kOld + 1] = jaccard(title, trigrams(other.title));
      row[kOld + 2] = jaccard(whole, shingles(other));
      one.candidates.push_back(row);
      one.right.push_back(asking.truth.contains(other.item_id));
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

// The ranker's conditional logit, of the signals that may move.
Row learn(const std::vector<const Case*>& cases, const std::vector<bool>& moves) {
  Row prior = Row::Zero();
  for (int i = 0; i < kOld; ++i) prior[i] = duplicates::kBuiltInWeights[static_cast<std::size_t>(i)];
  Row weights = prior;
  for (int step = 0; step < 30; ++step) {
    Row gradient = prior - weights;
    Square curvature = Square::Identity();
    for (const Case* each : cases) {
      if (std::none_of(each->right.begin(), each->right.end(), [](bool right) { return right; })) continue;
      Eigen::VectorXd sums(static_cast<Eigen::Index>(each->candidates.size()));
      for (Eigen::Index i = 0; i < sums.size(); ++i)
        sums[i] = weights.dot(each->candidates[static_cast<std::size_t>(i)]);
      Eigen::VectorXd shares = (sums.array() - sums.maxCoeff()).exp();
      shares /= shares.sum();
      const auto right = static_cast<double>(std::count(each->right.begin(), each->right.end(), true));
      Row mean = Row::Zero();
      for (std::size_t i = 0; i < each->candidates.size(); ++i) {
        const Row& row = each->candidates[i];
        const double share = shares[static_cast<Eigen::Index>(i)];
        mean += share * row;
        curvature += share * row * row.transpose();
        if (each->right[i]) gradient += row / right;
      }
      gradient -= mean;
      curvature -= mean * mean.transpose();
    }
    for (int i = 0; i < kAll; ++i) {
      if (moves[static_cast<std::size_t>(i)]) continue;
      gradient[i] = 0;
      curvature.row(i).setZero();
      curvature.col(i).setZero();
      curvature(i, i) = 1;
    }
    Row change = curvature.ldlt().solve(gradient);
    if (change.norm() > 2) change *= 2 / change.norm();
    weights += change;
    if (change.norm() < 1e-7) break;
  }
  return weights;
}

double reciprocal_rank(const Case& each, const Row& weights) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < each.candidates.size(); ++i) order.emplace_back(-weights.dot(each.candidates[i]), i);
  std::sort(order.begin(), order.end());
  for (std::size_t place = 0; place < std::min<std::size_t>(20, order.size()); ++place)
    if (each.right[order[place].second]) return 1.0 / static_cast<double>(place + 1);
  return 0;
}

void tell(const std::string& name, const std::vector<double>& before, const std::vector<double>& after) {
  std::mt19937_64 random(20240101);
  double old_sum = 0, new_sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) old_sum += before[i], new_sum += after[i];
  const auto n = static_cast<double>(before.size());
  std::vector<double> means;
  for (int round = 0; round < 4000; ++round) {
    double sum = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const std::size_t drawn = random() % before.size();
      sum += after[drawn] - before[drawn];
    }
    means.push_back(sum / n);
  }
  std::sort(means.begin(), means.end());
  fmt::print("{}: {} cases, MRR {:.3f} to {:.3f}, {:+.3f} ({:+.3f} to {:+.3f})\n", name, before.size(), old_sum / n,
             new_sum / n, (new_sum - old_sum) / n, means[100], means[3899]);
}

// groups: each is asked with weights from the others.
void compare(const std::vector<std::vector<Case>>& groups, bool links) {
  std::vector<bool> old_moves(kAll, true);
  for (int i = kOld; i < kAll; ++i) old_moves[static_cast<std::size_t>(i)] = false;
  // Neither can be learnt from links.
  if (links) old_moves[text::distance] = old_moves[text::same_author] = false;
  for (std::size_t added = 0; added < kNames.size(); ++added) {
    auto moves = old_moves;
    moves[kOld + added] = true;
    std::vector<double> before, after;
    for (std::size_t left = 0; left < groups.size(); ++left) {
      std::vector<const Case*> known;
      for (std::size_t other = 0; other < groups.size(); ++other)
        for (const auto& each : groups[other])
          if (other != left) known.push_back(&each);
      const Row without = learn(known, old_moves), with = learn(known, moves);
      for (const auto& each : groups[left]) {
        before.push_back(reciprocal_rank(each, without));
        after.push_back(reciprocal_rank(each, with));
      }
    }
    tell(kNames[added], before, after);
  }
}

int run(std::vector<std::string> words) {
  const bool all_texts = !words.empty() && words.front() == "--all-texts";
  if (all_texts) words.erase(words.begin());
  if (words.size() < 3 || words.size() % 2 == 0 || (words.front() != "links" && words.front() != "marks"))
    throw Error(ErrorKind::usage, "links or marks, then stores and projects", "the head of this file says more");
  const bool links = words.front() == "links";
  std::vector<std::vector<Case>> groups;
  for (std::size_t i = 1; i < words.size(); i += 2)
    groups.push_back(cases_of(words[i], words[i + 1], links, all_texts));
  if (!links) {
    std::vector<std::vector<Case>> folds(6);
    for (std::size_t i = 0; i < groups.front().size(); ++i) folds[i % folds.size()].push_back(groups.front()[i]);
    groups = std::move(folds);
  }
  compare(groups, links);
  return 0;
}

}  // namespace
}  // namespace resident

int main(int count, char** words) {
  try {
    return resident::run({words + 1, words + count});
  } catch (const resident::Error& error) {
    std::cerr << error.what() << "\n" << error.hint() << "\n";
    return 2;
  }
}
