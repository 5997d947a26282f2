import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  rows: defineTable({ group: v.string(), rank: v.number(), text: v.string() }).index("by_group", [
    "group",
    "rank",
  ]),
});
