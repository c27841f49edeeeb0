// Comments of a review were said when the review was sent, however the source hands them over.
#include <gtest/gtest.h>

#include <store/writer.hpp>

namespace resident {
namespace {

CommentRecord drafted(const std::string& key, const std::string& review, Timestamp at) {
  CommentRecord comment;
  comment.kind = "inline";
  comment.key = key;
  comment.review_key = review;
  comment.created_at = at;
  return comment;
}

ItemRecord pull() {
  ItemRecord item;
  item.is_pull = true;
  item.number = 1;
  item.title = "One";
  item.created_at = 100;
  ReviewRecord review;
  review.key = "11";
  review.submitted_at = 500;
  item.reviews.push_back(review);
  return item;
}

class DraftedComments : public testing::Test {
 protected:
  std::string times() {
    std::string result;
    for (const auto rows = database_->query("SELECT comment_key, created_at FROM comment ORDER BY comment_key");
         rows->next();)
      result += rows->string(0) + "=" + std::to_string(rows->integer(1)) + " ";
    return result;
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
  std::int64_t project_ = ensure_project(*database_, "p");
  Writer writer_{*database_, project_, ensure_source(*database_, project_, "test", "x")};
};

TEST_F(DraftedComments, OfOneRecordAreDatedAtTheReview) {
  ItemRecord item = pull();
  item.comments = {drafted("a", "11", 200), drafted("b", "11", 600), drafted("c", "12", 300), drafted("d", "12", 400)};
  writer_.item(item);
  writer_.checkpoint("");
  // Of a review that the timeline leaves out, at its last comment.
  EXPECT_EQ(times(), "a=600 b=600 c=400 d=400 ");
}

TEST_F(DraftedComments, ThatComeApartFromTheirItemAreDatedTheSame) {
  ItemRecord item = pull();
  item.keeps_inline_comments = true;
  writer_.item(item);
  writer_.checkpoint("");
  EXPECT_TRUE(writer_.inline_comment(item.item_id(), drafted("a", "11", 200)));
  EXPECT_TRUE(writer_.inline_comment(item.item_id(), drafted("c", "12", 300)));
  EXPECT_TRUE(writer_.inline_comment(item.item_id(), drafted("d", "12", 400)));
  writer_.checkpoint("");
  EXPECT_EQ(times(), "a=500 c=400 d=400 ");
  // The review comes later than its comments.
  item.reviews[0].submitted_at = 700;
  writer_.item(item);
  writer_.checkpoint("");
  EXPECT_EQ(times(), "a=700 c=400 d=400 ");
}

}  // namespace
}  // namespace resident
