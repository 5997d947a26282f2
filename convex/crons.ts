import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.daily("remove what is old in the trash", { hourUTC: 3, minuteUTC: 20 }, internal.trash.removeOld);

export default crons;
