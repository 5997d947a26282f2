import { ActionIcon } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useQuery_experimental as useQueryResult } from "convex/react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import { blockedProps, useBlocked } from "../offline/blocked";
import { pathOf, type ItemRef } from "./items";
import { MoreButton } from "./MoreButton";
import classes from "./PageTools.module.css";
import { useItemActions } from "./useItemActions";
import { useFavourites } from "./useTree";

/** From the top down to the item, as far as the person may see; empty while it is not known. */
function usePath({ kind, resourceId }: ItemRef) {
  const path = useQueryResult({ query: api.tree.path, args: { kind, resourceId } });
  return path.status === "success" ? path.data : [];
}

/** The documents that this one lies in. */
export function Crumbs(item: ItemRef) {
  const around = usePath(item).slice(0, -1);
  if (around.length === 0) return null;
  return (
    <nav aria-label="Where this is">
      <ol className={classes.crumbs}>
        {around.map(({ kind, resourceId, title, icon }) => (
          <li key={resourceId} className={classes.crumb}>
            <Link to={pathOf({ kind, resourceId })} title={title} dir="auto">
              {icon !== null && <span aria-hidden="true">{icon} </span>}
              {title}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What can be done with the document or diagram that is open, beside its title. */
export function PageTools(ref: ItemRef) {
  const item = usePath(ref).at(-1);
  const { setFavourite } = useItemActions();
  const favourite = useFavourites().some(({ resourceId }) => resourceId === ref.resourceId);
  const blocked = useBlocked();
  return (
    <div className={classes.tools}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Favourite"
        aria-pressed={favourite}
        className={classes.star}
        onClick={() => void setFavourite(ref, !favourite)}
        {...blockedProps(blocked)}
      >
        {favourite ? (
          <IconStarFilled size={17} aria-hidden="true" />
        ) : (
          <IconStar size={17} stroke={1.6} aria-hidden="true" />
        )}
      </ActionIcon>
      {item !== undefined && <MoreButton item={item} />}
    </div>
  );
}
